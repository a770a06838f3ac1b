#include "appliance/init/lines.hpp"

#include <utility>

#include "dataplane/base/log_prefix.hpp"

namespace gate41::appliance {

std::vector<std::string> Lines::add(std::string_view bytes) {
  std::vector<std::string> lines;
  for (const char c : bytes) {
    if (c != '\n') part_ += c;
    if (c == '\n' || part_.size() == kLongest) lines.push_back(std::exchange(part_, {}));
  }
  return lines;
}

std::string Lines::rest() { return std::exchange(part_, {}); }

std::string readable(std::string_view line) {
  const auto [level, text] = without_prefix(line);
  const std::string_view name = level == LogLevel::error     ? "error: "
                                : level == LogLevel::warning ? "warning: "
                                                             : "";
  return std::string(name) + std::string(text);
}

}  // namespace gate41::appliance
