// Runs gate41-fetch as a shell would.
#pragma once

#include <string>

namespace gate41::testing {

struct Outcome {
  int exit_code = -1;
  std::string text;  // both outputs
};

// `input`: a file that the program has open as its descriptor 3.
Outcome run(const std::string& arguments, const std::string& environment = "",
            const std::string& input = "/dev/null");

}  // namespace gate41::testing
