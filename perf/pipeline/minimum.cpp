#include "perf/pipeline/minimum.hpp"

#include <utility>

#include "dataplane/net/flow_hash.hpp"
#include "perf/pipeline/wire.hpp"

namespace gate41::perf {
namespace {

constexpr uint32_t kTimer = 300;  // seconds

// One burst's keys and where their flows are.
struct Lookup {
  std::array<FlowKey, kBulk> keys;
  std::array<const FlowKey*, kBulk> pointers;
  std::array<uint32_t, kBulk> signatures;
  std::array<int32_t, kBulk> positions;
};

// The key from fixed offsets, and its keyed hash.
template <Direction direction>
void read(const uint8_t* v6, const HashSecret& secret, Lookup& burst, std::size_t i) noexcept {
  constexpr bool kOut = direction == Direction::outbound;
  constexpr std::size_t kSource = offsetof(Ipv6Header, source);
  constexpr std::size_t kDestination = offsetof(Ipv6Header, destination);
  FlowKey& key = burst.keys[i];
  std::memcpy(&key.interior, v6 + (kOut ? kSource : kDestination), sizeof key.interior);
  std::memcpy(&key.exterior, v6 + (kOut ? kDestination : kSource), sizeof key.exterior);
  std::array<Be16, 2> ports;
  std::memcpy(&ports, v6 + sizeof(Ipv6Header), sizeof ports);
  key.interior_port = ports[kOut ? 0 : 1].host();
  key.exterior_port = ports[kOut ? 1 : 0].host();
  key.protocol = v6[offsetof(Ipv6Header, next_header)];
  key.padding = {};
  burst.pointers[i] = &key;
  burst.signatures[i] = signature_of(secret, key);
}

void look_up(FlowTable& flows, Lookup& burst, std::size_t n) noexcept {
  flows.lookup_bulk({burst.pointers.data(), n}, {burst.signatures.data(), n}, {burst.positions.data(), n});
}

// The flow's line: read and written, its timer once a second.
FlowEntry& use(FlowTable& flows, int32_t position, std::size_t length, uint32_t expires) noexcept {
  if (position < 0) refuse("the minimum has lost a flow");
  FlowEntry& flow = flows.entry(position);
  flow.bytes += length;
  if (flow.expires != expires) flow.expires = expires;
  return flow;
}

void read_outbound(std::span<rte_mbuf* const> frames, const HashSecret& secret, Lookup& burst) noexcept {
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (i + 1 < frames.size()) rte_prefetch0(bytes_of(frames[i + 1]));
    read<Direction::outbound>(bytes_of(frames[i]) + kV6InLan, secret, burst, i);
  }
}

}  // namespace

uint32_t signature_of(const HashSecret& secret, const FlowKey& key) noexcept {
  const uint64_t pair = pair_hash(secret, key.interior, key.exterior);
  return static_cast<uint32_t>(
      flow_signature(secret, pair, key.protocol, key.interior_port, key.exterior_port));
}

Minimum::Minimum(uint32_t flows, const OuterTemplate& outer, std::vector<EthernetWay> hosts)
    : outer_(outer), hosts_(std::move(hosts)) {
  auto made = FlowTable::create("minimum", flows, SOCKET_ID_ANY);
  if (!made) refuse(made.error().message);
  flows_ = std::move(*made);
}

void Minimum::open(const FlowKey& key, uint32_t host, TimePoint now) {
  const int32_t position = flows_->insert(key, signature_of(secret_, key), now);
  if (position < 0) refuse("the minimum's flow table takes no more");
  FlowEntry& flow = flows_->entry(position);
  flow.state = FlowState::established;
  flow.adjacency[index_of(Direction::inbound)] = host;
  flows_->refile(position, now);
}

void Minimum::encapsulate(std::span<rte_mbuf* const> frames, TimePoint now) noexcept {
  Lookup burst;
  read_outbound(frames, secret_, burst);
  look_up(*flows_, burst, frames.size());
  leave(frames, burst.positions.data(), now);
}

void Minimum::open_and_encapsulate(std::span<rte_mbuf* const> frames, TimePoint now) noexcept {
  Lookup burst;
  read_outbound(frames, secret_, burst);
  look_up(*flows_, burst, frames.size());
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (burst.positions[i] >= 0) refuse("a new flow is none");
    burst.positions[i] = flows_->insert(burst.keys[i], burst.signatures[i], now);
    flows_->entry(burst.positions[i]).expires = coarse_seconds(now) + kTimer;
    flows_->refile(burst.positions[i], now);
  }
  leave(frames, burst.positions.data(), now);
}

void Minimum::leave(std::span<rte_mbuf* const> frames, const int32_t* positions, TimePoint now) noexcept {
  const uint32_t expires = coarse_seconds(now) + kTimer;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const std::size_t length = frames[i]->data_len - kV6InLan;
    use(*flows_, positions[i], length, expires);
    --bytes_of(frames[i])[kV6InLan + kHopLimitAt];
    rte_pktmbuf_prepend(frames[i], sizeof(Ipv4Header));
    put_outer(bytes_of(frames[i]), outer_, length, next_id_++);
  }
}

void Minimum::decapsulate(std::span<rte_mbuf* const> frames, TimePoint now) noexcept {
  Lookup burst;
  const std::size_t n = frames.size();
  for (std::size_t i = 0; i < n; ++i) {
    if (i + 1 < n) rte_prefetch0(bytes_of(frames[i + 1]));
    const uint8_t* frame = bytes_of(frames[i]);
    if (!has_right_checksum(frame + sizeof(EthernetHeader))) refuse("an outer checksum is wrong");
    read<Direction::inbound>(frame + kV6InTunnel, secret_, burst, i);
  }
  look_up(*flows_, burst, n);
  const uint32_t expires = coarse_seconds(now) + kTimer;
  for (std::size_t i = 0; i < n; ++i) {
    const std::size_t length = frames[i]->data_len - kV6InTunnel;
    const FlowEntry& flow = use(*flows_, burst.positions[i], length, expires);
    rte_pktmbuf_adj(frames[i], sizeof(Ipv4Header));
    uint8_t* frame = bytes_of(frames[i]);
    --frame[kV6InLan + kHopLimitAt];
    const EthernetWay& way = hosts_[flow.adjacency[index_of(Direction::inbound)]];
    std::memcpy(frame, way.header.data(), way.header.size());
  }
}

}  // namespace gate41::perf
