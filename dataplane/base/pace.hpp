// Pace: what the reader of a long answer says before its next part is made.
#pragma once

#include <cstdint>

namespace gate41 {

enum class Pace : uint8_t {
  go,
  wait,  // what is there has not been read yet
  stop,  // nobody is there to read it
};

}  // namespace gate41
