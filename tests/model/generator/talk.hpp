// Talks: what hosts have with each other. Each step emits one packet or so.
#pragma once

#include <memory>

#include "tests/model/generator/ends.hpp"
#include "tests/model/generator/world.hpp"

namespace gate41::model {

class Talk {
 public:
  virtual ~Talk() = default;
  virtual void step(World& world) = 0;
};

[[nodiscard]] std::unique_ptr<Talk> make_tcp_talk(World& world);
[[nodiscard]] std::unique_ptr<Talk> make_sctp_talk(World& world);
[[nodiscard]] std::unique_ptr<Talk> make_dccp_talk(World& world);
// UDP, UDP-Lite and protocols without ports.
[[nodiscard]] std::unique_ptr<Talk> make_datagram_talk(World& world);
[[nodiscard]] std::unique_ptr<Talk> make_echo_talk(World& world);

// Single packets.
void emit_error(World& world);   // ICMPv6 errors, about what was sent before or never was
void emit_icmpv6(World& world);  // any type
void emit_rest(World& world);    // later fragments of nothing

// Port numbers at the edges of what the rules tell apart.
[[nodiscard]] uint16_t some_port(World& world);
[[nodiscard]] Ends some_ends(World& world);

}  // namespace gate41::model
