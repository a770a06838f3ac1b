#include "perf/surroundings.hpp"

#include <stdexcept>

#include "control/daemon/ways.hpp"
#include "dataplane/forward/rib.hpp"
#include "dataplane/net/headers.hpp"
#include "perf/mixed.hpp"

namespace gate41::perf {
namespace {

Ipv6Address after(const Ipv6Address& first, uint64_t count) {
  return Ipv6Address::from_halves(first.high(), first.low() + count);
}

}  // namespace

void add_neighbours(testing::Harness& box, uint32_t count, const Ipv6Address& first, const MacAddress& mac) {
  const uint16_t link = box.snapshot.lans.front().link;
  const AdjacencyIndex index = box.adjacencies.allocate();
  box.adjacencies.write(index, lan_way(box.snapshot.links[link], link, mac));
  for (uint32_t i = 0; i < count; ++i)
    if (!box.neighbours->insert({after(first, i), 0, {}}, index))
      throw std::runtime_error("too many neighbours");
}

std::unique_ptr<Fib> add_routes(testing::Harness& box, uint32_t count) {
  auto made = Fib::create(count + 1);
  if (!made) throw std::runtime_error(made.error().message);
  Rib rib(count + 1);
  RouteTarget target;
  target.kind = RouteTarget::Kind::via;
  target.next_hop = *Ipv6Address::parse("2600:43::1");
  std::vector<FibChange> changes;
  for (uint64_t i = 0; rib.size() < count; ++i) {
    const uint64_t high = 0x3000000000000000ULL | (mixed(i) >> 4U);
    const auto length = static_cast<uint8_t>(32 + i % 17);
    rib.set(Ipv6Prefix::of(Ipv6Address::from_halves(high, 0), length), target, changes);
    for (const FibChange& change : changes) (*made)->apply(change);
    changes.clear();
  }
  box.native_routes = made->get();
  return std::move(*made);
}

void add_pinholes(testing::Harness& box, uint32_t count, const Ipv6Address& first, uint32_t hosts) {
  std::vector<InboundRule> rules(count);
  for (uint32_t i = 0; i < count; ++i) {
    rules[i].destination = after(first, i % hosts);
    rules[i].protocol = ip_proto::kTcp;
    rules[i].port_first = rules[i].port_last = static_cast<uint16_t>(1 + i);
  }
  box.snapshot.policy.inbound = Pinholes(std::move(rules));
}

}  // namespace gate41::perf
