#include "dataplane/base/log_prefix.hpp"

#include <algorithm>

namespace gate41 {

LogText without_prefix(std::string_view line) {
  if (line.size() < 3 || line[0] != '<' || line[1] < '0' || line[1] > '7' || line[2] != '>')
    return {LogLevel::info, line};
  const int level = std::max(line[1] - '0', static_cast<int>(LogLevel::error));
  return {static_cast<LogLevel>(level), line.substr(3)};
}

}  // namespace gate41
