// StateStore: small texts that outlive the daemon (lease, prefixes, secrets), a checked file each
// (checked_file.hpp) in one folder. A folder that is missing or can't be written costs one warning and the
// memory across restarts, nothing else. Control thread.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>

namespace gate41::loop {

class StateStore {
 public:
  // Makes the folder if it can.
  explicit StateStore(std::filesystem::path folder);

  void save(const std::string& name, std::string_view text);
  // What was saved last, from this run or an earlier one. Never saved, or broken beyond NAME.old (one
  // warning): nullopt.
  std::optional<std::string> load(const std::string& name);

  // False when the last save could not be written: the state is in memory only.
  [[nodiscard]] bool persistent() const { return persistent_; }

 private:
  void warn_once(const std::string& about, const std::string& text);

  std::filesystem::path folder_;
  std::unordered_map<std::string, std::string> memory_;
  std::set<std::string> warned_;
  bool persistent_ = true;
};

}  // namespace gate41::loop
