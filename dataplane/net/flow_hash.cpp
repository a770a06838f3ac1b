#include "dataplane/net/flow_hash.hpp"

#include <algorithm>

namespace gate41 {

// Each address is hashed under the secret before the two meet, and they meet in a product, which is symmetric
// without sorting. Joining the plain addresses (by XOR or a sum, hashed afterwards) would let a sender move
// one difference from the source to the destination and hit one value with as many pairs as he likes.
uint64_t pair_hash(const HashSecret& secret, const Ipv6Address& a, const Ipv6Address& b) noexcept {
  return fold_multiply(address_hash(secret, a) ^ secret.c, address_hash(secret, b) ^ secret.c);
}

// The ports are mixed first, since a sender that varies one port alone would leave the product's low bits as
// they are. Ports are ordered, not joined: each unordered port pair has its own value.
uint64_t flow_signature(const HashSecret& secret, uint64_t pair, uint8_t protocol, uint16_t port_a,
                        uint16_t port_b) noexcept {
  const auto [low, high] = std::minmax(port_a, port_b);
  const uint64_t ports = uint64_t{protocol} << 32U | uint64_t{high} << 16U | low;
  return fold_multiply(pair ^ secret.b, fold_multiply(ports ^ secret.c, secret.a));
}

void hash_flow(const HashSecret& secret, ParsedPacket& packet) noexcept {
  packet.pair_hash = pair_hash(secret, packet.v6.source, packet.v6.destination);
  const bool ports = packet.v6.security == 0;
  packet.signature = flow_signature(secret, packet.pair_hash, packet.flow_protocol(),
                                    ports ? packet.l4.source_port : uint16_t{0},
                                    ports ? packet.l4.destination_port : uint16_t{0});
}

}  // namespace gate41
