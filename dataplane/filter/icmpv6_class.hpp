// What the border does with each ICMPv6 type in transit (RFC 4890 §4.3; rows J1..J10).
#pragma once

#include <cstdint>

namespace gate41 {

enum class Icmpv6Class : uint8_t {
  error,         // J1, J2: passes when the packet that it quotes belongs to a flow
  echo_request,  // J1, J10
  echo_reply,
  mobile,       // J3: home agent discovery and mobile prefixes, as a generic flow
  link_local,   // J4..J6: belongs to one link
  forbidden,    // J8, J9: renumbering, node information, experiments, reserved
  unallocated,  // J7: not from outside
};

[[nodiscard]] Icmpv6Class class_of_icmpv6(uint8_t type) noexcept;

[[nodiscard]] constexpr bool is_echo(Icmpv6Class type) noexcept {
  return type == Icmpv6Class::echo_request || type == Icmpv6Class::echo_reply;
}

}  // namespace gate41
