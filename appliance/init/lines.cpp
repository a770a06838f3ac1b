#include "appliance/init/lines.hpp"

#include <utility>

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
  if (line.size() < 3 || line[0] != '<' || line[1] < '0' || line[1] > '7' || line[2] != '>')
    return std::string(line);
  const std::string_view name = line[1] <= '3' ? "error: " : line[1] == '4' ? "warning: " : "";
  return std::string(name) + std::string(line.substr(3));
}

}  // namespace gate41::appliance
