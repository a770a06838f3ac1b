// The two keyed hashes of a flow (K56). Both are symmetric: the two directions of a flow hash alike,
// fragments and ICMPv6 errors (hashed on the packet that they quote) reach the owner of their flow.
//   pair_hash  = H1(address pair)                         chooses the owner worker by its high bits
//   signature  = H2(pair_hash, protocol, port pair)       the flow table's signature
// They must differ: one hash for both leaves most buckets of each worker's table unused.
#pragma once

#include "dataplane/base/keyed_hash.hpp"
#include "dataplane/net/parsed_packet.hpp"

namespace gate41 {

// One address alone: the pair's hash begins with it, and so do tables that are asked by an address.
[[nodiscard]] inline uint64_t address_hash(const HashSecret& secret, const Ipv6Address& address) noexcept {
  return fold_multiply(address.high() ^ secret.a, address.low() ^ secret.b);
}
// Each address is hashed under the secret before the two meet, and they meet in a product, which is symmetric
// without sorting. Joining the plain addresses (by XOR or a sum, hashed afterwards) would let a sender move
// one difference from the source to the destination and hit one value with as many pairs as he likes.
[[nodiscard]] inline uint64_t pair_hash(const HashSecret& secret, const Ipv6Address& a,
                                        const Ipv6Address& b) noexcept {
  return fold_multiply(address_hash(secret, a) ^ secret.c, address_hash(secret, b) ^ secret.c);
}
// The ports are mixed first, since a sender that varies one port alone would leave the product's low bits as
// they are. Their sum and their product together are the pair without its order, each pair's its own, and
// cost no branch, which half of all packets would miss.
[[nodiscard]] inline uint64_t flow_signature(const HashSecret& secret, uint64_t pair, uint8_t protocol,
                                             uint16_t port_a, uint16_t port_b) noexcept {
  const uint32_t sum = uint32_t{port_a} + port_b, product = uint32_t{port_a} * port_b;
  const uint64_t ports = uint64_t{protocol} << 56U | uint64_t{sum} << 32U | product;
  return fold_multiply(pair ^ secret.b, fold_multiply(ports ^ secret.c, secret.a));
}

// Fills `pair_hash` and `signature` of a packet with `has_v6` from v6 and l4. An ICMPv6 error is hashed by
// its caller on the quoted packet instead.
void hash_flow(const HashSecret& secret, ParsedPacket& packet) noexcept;

// Multiply-shift of the high bits: 0 .. workers-1.
[[nodiscard]] inline unsigned owner_of(uint64_t pair, unsigned workers) noexcept {
  return static_cast<unsigned>(((pair >> 32U) * workers) >> 32U);
}

}  // namespace gate41
