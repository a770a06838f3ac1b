// What a connection says of one more of its packets.
#pragma once

#include <cstdint>

namespace gate41::model {

enum class Judgement : uint8_t {
  pass,
  pass_quietly,    // goes through, and the connection is as before, its timer too
  pass_in_doubt,   // the receiver may end the connection for it, or not
  new_connection,  // begins one in the place of this one
  bad_flags,
  bad_window,
  bad_tag,
};

}  // namespace gate41::model
