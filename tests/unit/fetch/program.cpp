#include "tests/unit/fetch/program.hpp"

#include <array>
#include <cstdio>
#include <sys/wait.h>

namespace gate41::testing {

Outcome run(const std::string& arguments, const std::string& environment, const std::string& input) {
  const std::string command =
      "env " + environment + " '" GATE41_FETCH "' " + arguments + " 2>&1 3<'" + input + "'";
  std::FILE* pipe = ::popen(command.c_str(), "r");
  Outcome outcome;
  std::array<char, 4096> bytes;
  for (std::size_t got = 0; (got = std::fread(bytes.data(), 1, bytes.size(), pipe)) > 0;)
    outcome.text.append(bytes.data(), got);
  outcome.exit_code = WEXITSTATUS(::pclose(pipe));
  return outcome;
}

}  // namespace gate41::testing
