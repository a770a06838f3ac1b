#include "tests/model/generator/talk.hpp"

namespace gate41::model {
namespace {

bool has_ports(uint8_t number) { return number == protocol::udp || number == protocol::udp_lite; }

uint8_t some_protocol(World& world) {
  // Of which the strict profile and pinholes for TCP and UDP know nothing.
  const bool all = world.has(Feature::profiles) || world.has(Feature::pinholes);
  if (all && world.chance(40))
    return world.one_of({protocol::ah, protocol::hip, protocol::esp, protocol::ospf});
  return world.one_of({protocol::udp, protocol::udp, protocol::udp, protocol::udp_lite, protocol::esp,
                       protocol::gre, protocol::ospf});
}

class DatagramTalk : public Talk {
 public:
  explicit DatagramTalk(World& world)
      : interior_(world.lan_host()),
        exterior_(world.far_host()),
        protocol_(some_protocol(world)),
        interior_port_(some_port(world)),
        exterior_port_(some_port(world)),
        from_inside_(static_cast<unsigned>(world.one_of({10, 50, 90}))) {}

  void step(World& world) override {
    const Direction direction = world.chance(from_inside_) ? Direction::outbound : Direction::inbound;
    const bool out = direction == Direction::outbound;
    Packet packet;
    Headers& headers = packet.headers;
    headers.source = out ? interior_ : exterior_;
    headers.destination = out ? exterior_ : interior_;
    headers.protocol = protocol_;
    if (has_ports(protocol_)) {
      headers.source_port = out ? interior_port_ : exterior_port_;
      headers.destination_port = out ? exterior_port_ : interior_port_;
      if (world.chance(8)) ++headers.source_port;
      if (world.chance(8)) --headers.destination_port;
    }
    if (world.chance(4)) headers.protocol = world.one_of<uint8_t>({protocol::udp, protocol::udp_lite});
    if (world.chance(4)) (out ? headers.destination : headers.source) = world.far_host();
    world.emit(packet, direction);
  }

 private:
  Host interior_;
  Host exterior_;
  uint8_t protocol_;
  uint16_t interior_port_;
  uint16_t exterior_port_;
  unsigned from_inside_;
};

class EchoTalk : public Talk {
 public:
  explicit EchoTalk(World& world)
      : interior_(world.lan_host()),
        exterior_(world.far_host()),
        id_(static_cast<uint16_t>(world.below(3))) {}

  void step(World& world) override {
    const Direction direction = world.chance(50) ? Direction::outbound : Direction::inbound;
    const bool out = direction == Direction::outbound;
    Packet packet;
    Headers& headers = packet.headers;
    headers.source = out ? interior_ : exterior_;
    headers.destination = out ? exterior_ : interior_;
    headers.protocol = protocol::icmpv6;
    headers.icmp.type = world.chance(50) ? 128 : 129;
    headers.icmp.id = world.chance(10) ? static_cast<uint16_t>(world.below(4)) : id_;
    world.emit(packet, direction);
  }

 private:
  Host interior_;
  Host exterior_;
  uint16_t id_;
};

}  // namespace

uint16_t some_port(World& world) {
  return world.one_of<uint16_t>({1,    21,   22,   23,   52,   53,   54,    442,   443,   444,  499,  500,
                                 501,  1022, 1023, 1024, 1025, 4999, 5000,  5001,  5009,  5010, 5011, 7999,
                                 8000, 8001, 8098, 8099, 8100, 8101, 40000, 40001, 65534, 65535});
}

Ends some_ends(World& world) {
  return {world.lan_host(), world.far_host(), some_port(world), some_port(world)};
}

std::unique_ptr<Talk> make_datagram_talk(World& world) { return std::make_unique<DatagramTalk>(world); }
std::unique_ptr<Talk> make_echo_talk(World& world) { return std::make_unique<EchoTalk>(world); }

}  // namespace gate41::model
