#include "perf/generator/flows.hpp"

#include "dataplane/base/keyed_hash.hpp"
#include "dataplane/net/flow_hash.hpp"

namespace gate41::generator {
namespace {

// What is drawn for what, so that nothing hangs on another.
enum class Draw : uint64_t { lan_host = 1, wan_host, lan_address, wan_address, port, order };

// splitmix64's last step: every bit of the result hangs on every bit of what is drawn from.
uint64_t draw(uint64_t seed, Draw what, uint64_t number) noexcept {
  uint64_t z = seed + (static_cast<uint64_t>(what) << 56U) + number * 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
  return z ^ (z >> 31U);
}

uint32_t draw_below(uint32_t limit, uint64_t random) noexcept {
  return static_cast<uint32_t>(((random >> 32U) * limit) >> 32U);
}

Ipv6Address address_in(const Ipv6Prefix& prefix, uint64_t random) noexcept {
  const uint64_t more = fold_multiply(random, HashSecret{}.a);
  return Ipv6Address::from_halves(prefix.address.high() | (more & ~prefix.mask_high()),
                                  prefix.address.low() | (random & ~prefix.mask_low()));
}

// Multiplication by an odd number goes round all addresses of the block.
Ipv4Address site_address(const Ipv4Prefix& block, uint32_t site) noexcept {
  constexpr uint32_t kOdd = 0x9e3779b1;
  return Ipv4Address(Be32(block.address.host() | (((site + 1) * kOdd) & ~block.mask())));
}

// `index` is lan_slot + kLanPorts * turn: within a slot, each turn has another WAN port.
void set_ports(Flow& flow, uint64_t seed, uint64_t index) noexcept {
  constexpr uint64_t kStep = 31337;  // prime to kLanPorts
  const uint64_t slot = index % kLanPorts;
  const uint64_t turn = index / kLanPorts;
  flow.lan_port = static_cast<uint16_t>(1024 + slot * kStep % kLanPorts);
  flow.wan_port = static_cast<uint16_t>(1 + (draw(seed, Draw::port, slot) % kWanPorts + turn) % kWanPorts);
}

void set_wan(Flow& flow, const FlowSpace& space, uint32_t host) noexcept {
  flow.peer = space.wan_is_sites ? site_address(space.site_block, host) : space.relay;
  const Ipv6Prefix prefix = space.wan_is_sites ? space.domain.prefix_of(flow.peer) : space.wan_prefix;
  flow.wan = address_in(prefix, draw(space.seed, Draw::wan_address, host));
}

}  // namespace

Flow flow_of(const FlowSpace& space, uint64_t index) noexcept {
  Flow flow;
  set_ports(flow, space.seed, index);
  flow.lan = lan_host(space, draw_below(space.lan_hosts, draw(space.seed, Draw::lan_host, index)));
  set_wan(flow, space, draw_below(space.wan_hosts, draw(space.seed, Draw::wan_host, index)));
  return flow;
}

Ipv6Address lan_host(const FlowSpace& space, uint32_t host) noexcept {
  return address_in(space.lan_prefix, draw(space.seed, Draw::lan_address, host));
}

uint64_t flow_index(FlowOrder order, uint64_t flows, uint32_t sequence) noexcept {
  return (order == FlowOrder::turn ? sequence : draw(0, Draw::order, sequence)) % flows;
}

MacAddress mac_of(const Ipv6Address& host) noexcept {
  const uint64_t hash = address_hash(HashSecret{}, host);
  MacAddress mac{{0x02, 0, 0, 0, 0, 0}};  // locally administered, one machine's
  for (std::size_t i = 1; i < 6; ++i) mac.bytes[i] = static_cast<uint8_t>(hash >> (8 * i));
  return mac;
}

}  // namespace gate41::generator
