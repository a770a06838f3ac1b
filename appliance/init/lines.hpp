// What a program writes, cut into lines.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gate41::appliance {

class Lines {
 public:
  // A longer one is cut in two: what never ends may not fill the memory.
  static constexpr std::size_t kLongest = 1024;

  // The lines that `bytes` complete, without their ends.
  std::vector<std::string> add(std::string_view bytes);
  // What has come behind the last line's end: the last words of one that died.
  std::string rest();

 private:
  std::string part_;
};

// "<4>text", as journald reads it, becomes "warning: text"; from notice on the level isn't told.
[[nodiscard]] std::string readable(std::string_view line);

}  // namespace gate41::appliance
