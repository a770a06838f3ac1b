// RFC 4890 §4.3, traffic in transit, as group J puts it: what becomes of each type.
#pragma once

#include <cstdint>

namespace gate41::model {

enum class Kind : uint8_t {
  error,        // §4.3.1, §4.3.2: with the flow that it quotes
  request,      // §4.3.1: echo
  reply,        // §4.3.1: echo
  generic,      // §4.3.2: Mobile IPv6
  never,        // §4.3.3, §4.3.5: of one link, renumbering, node information, experiments, reserved
  unallocated,  // §4.3.4, §4.3.5: by policy (J7): out, but not in
};

[[nodiscard]] Kind kind_of(uint8_t type);

}  // namespace gate41::model
