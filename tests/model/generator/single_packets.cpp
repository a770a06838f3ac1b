#include <algorithm>

#include "tests/model/generator/talk.hpp"

namespace gate41::model {
namespace {

Headers foreign_flow(World& world, Direction direction) {
  Headers headers;
  headers.source = world.lan_host();
  headers.destination = world.far_host();
  if (direction == Direction::inbound) std::swap(headers.source, headers.destination);
  headers.protocol = world.one_of({protocol::tcp, protocol::udp, protocol::esp, protocol::icmpv6});
  if (world.has(Feature::sctp) && world.chance(10)) headers.protocol = protocol::sctp;
  if (world.has(Feature::dccp) && world.chance(10)) headers.protocol = protocol::dccp;
  headers.source_port = some_port(world);
  headers.destination_port = some_port(world);
  if (headers.protocol == protocol::icmpv6) headers.icmp = {128, 0, static_cast<uint16_t>(world.below(4))};
  return headers;
}

// The other end sends it, or someone on the way.
Host sender_of_error(World& world, Direction direction, const Headers& quoted) {
  const Place place = quoted.destination.place;
  const bool good =
      direction == Direction::outbound ? place == Place::lan : place == Place::net || place == Place::site;
  if (good && world.chance(60)) return quoted.destination;
  return direction == Direction::outbound ? world.lan_host() : world.far_host();
}

void spoil(World& world, Headers& quoted) {
  if (world.chance(50))
    ++quoted.source_port;
  else
    quoted.icmp.id ^= 1U;
}

}  // namespace

void emit_error(World& world) {
  const Event* about = world.recent();
  const bool known = about != nullptr && world.chance(85);
  Direction sent = known ? about->direction : world.one_of({Direction::outbound, Direction::inbound});
  Headers quoted = known ? about->packet.headers : foreign_flow(world, sent);
  if (quoted.source.place != Place::lan && quoted.destination.place != Place::lan) return;
  if (world.chance(8)) spoil(world, quoted);
  Packet error;
  error.headers.destination = quoted.source;
  if (world.chance(5)) sent = opposite(sent);  // to the receiver of what is quoted
  const Direction direction = opposite(sent);
  error.headers.source = sender_of_error(world, direction, quoted);
  if (error.headers.destination.place == Place::multicast) return;
  const bool fits = direction == Direction::inbound ? error.headers.destination.place == Place::lan
                                                    : error.headers.destination.place != Place::lan;
  if (!fits || world.chance(6))
    error.headers.destination = direction == Direction::inbound ? world.lan_host() : world.far_host();
  error.headers.protocol = protocol::icmpv6;
  error.headers.icmp = {static_cast<uint8_t>(1 + world.below(4)), static_cast<uint8_t>(world.below(8)), 0};
  const Cut cut =
      world.chance(85) ? Cut::none : world.one_of({Cut::behind_ports, Cut::before_ports, Cut::within_header});
  error.quote = Quote{quoted, cut};
  world.emit(error, direction);
}

void emit_icmpv6(World& world) {
  const Direction direction = world.one_of({Direction::outbound, Direction::inbound});
  Packet packet;
  packet.headers = foreign_flow(world, direction);
  packet.headers.source_port = packet.headers.destination_port = 0;
  packet.headers.protocol = protocol::icmpv6;
  const auto type = static_cast<uint8_t>(world.chance(30) ? 144 + world.below(4) : world.below(256));
  packet.headers.icmp = {type, static_cast<uint8_t>(world.below(3)), static_cast<uint16_t>(world.below(4))};
  if (type >= 1 && type <= 4) packet.quote = Quote{{}, Cut::within_header};
  world.emit(packet, direction);
}

void emit_rest(World& world) {
  const Direction direction = world.one_of({Direction::outbound, Direction::inbound});
  Packet packet;
  packet.headers = foreign_flow(world, direction);
  packet.headers.part = Part::later;
  packet.headers.fragment = static_cast<uint32_t>(world.below(6));
  packet.headers.offset = 1024;
  packet.headers.length = 16;
  world.emit(packet, direction);
}

}  // namespace gate41::model
