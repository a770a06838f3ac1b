// StatusBoard: the machine's own states for the console, which shows them beside the daemon's: where the
// configuration comes from, whether the data partition is sound, why the daemon does not run. A text file, a
// line each: COMPONENT, tab, `ok` or `bad`, tab, sentence. Replaced whole.
#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace gate41::appliance {

class StatusBoard {
 public:
  explicit StatusBoard(std::filesystem::path file) : file_(std::move(file)) {}

  void set(const std::string& component, bool ok, const std::string& sentence);
  [[nodiscard]] std::string text() const;

 private:
  struct State {
    bool ok;
    std::string sentence;
    bool operator==(const State&) const = default;
  };
  void write() const;

  std::filesystem::path file_;
  std::map<std::string, State> states_;
};

}  // namespace gate41::appliance
