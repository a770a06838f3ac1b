#include "tests/model/driver/box.hpp"

#include <algorithm>

#include "tests/model/driver/frames.hpp"

namespace gate41::model {
namespace {

constexpr uint32_t kFlows = 16384;
// Longer than anything is remembered; whole seconds, for flows are stamped in these.
constexpr std::chrono::seconds kLongAfter{20'000};
constexpr uint8_t kHosts = 4;
constexpr std::size_t kEthernet = 14;
constexpr std::size_t kMarkAt = 3;

// The last byte of a LAN host's address, and of its MAC.
constexpr uint8_t kFirstHost = 0x10;

std::size_t ipv6_at(Direction direction) {
  return direction == Direction::outbound ? kEthernet + 20 : kEthernet;
}

// Does it go to the MAC of the host, or to the IPv4 address of the site or the relay?
bool goes_the_right_way(const uint8_t* bytes, Direction direction) {
  const uint8_t* destination = bytes + ipv6_at(direction) + 24;
  if (direction == Direction::inbound) return bytes[5] == destination[15];
  const bool to_site = destination[0] == 0x20 && destination[1] == 0x02;
  const uint32_t wanted = (to_site ? testing::kSiteV4 : testing::kRelayV4).host();
  const uint8_t* outer = bytes + kEthernet + 16;
  return outer[0] == wanted >> 24U && outer[3] == (wanted & 0xffU);
}

// What the product counts under this name. Neighbour discovery from the LAN that has crossed a router (its
// hop limit is not 255) is of a type that is never forwarded, and more besides.
Verdict verdict_of(std::size_t reason) {
  if (reason == static_cast<std::size_t>(DropReason::nd_invalid)) return Verdict::filter_icmpv6_type;
  const auto found = std::ranges::find(kVerdictNames, kDropReasons[reason].name);
  return found == kVerdictNames.end() ? Verdict::other : static_cast<Verdict>(found - kVerdictNames.begin());
}

}  // namespace

Box::Box() : site_(kFlows) { add_hosts(); }

void Box::add_hosts() {
  for (uint8_t number = 1; number < kHosts; ++number) {  // the site has one already
    const AdjacencyIndex index = site_.adjacencies.allocate();
    site_.neighbours->insert({address_of({Place::lan, number}), testing::kHomeLan, {}}, index);
    MacAddress mac = testing::kHostMac;
    mac.bytes[5] = static_cast<uint8_t>(kFirstHost + number);
    site_.adjacencies.write(index, testing::ethernet_way(mac, testing::kHomeLink));
  }
}

void Box::forget() {
  FlowTable& flows = *site_.pipeline->flows();
  uint32_t cursor = 0;
  do {
    cursor = flows.walk(cursor, kFlows, [&flows](int32_t position) { flows.erase(position); });
  } while (cursor != 0);
  set_policy({});
  zero_ = std::chrono::ceil<std::chrono::seconds>(site_.now) + kLongAfter;
}

void Box::set_policy(const Policy& policy) {
  gate41::Policy& own = site_.snapshot.policy;
  ++own.epoch;
  own.allow_echo = policy.allows_echo();
  std::vector<InboundRule> rules;
  for (const Pinhole& pinhole : policy.pinholes)
    rules.push_back({address_of(pinhole.host), pinhole.protocol, pinhole.first, pinhole.last});
  own.inbound = Pinholes(std::move(rules));
}

Box::Counts Box::drops() {
  Counts counts;
  std::ranges::transform(site_.pipeline->counters().drops, counts.begin(), &Counter::get);
  return counts;
}

std::vector<bool> Box::collect(Direction direction, std::size_t many) {
  std::vector<bool> left(many);
  const bool out = direction == Direction::outbound;
  Outputs& outputs = site_.pipeline->outputs();
  for (const uint16_t device : {testing::kWanDevice, testing::kLanDevice}) {
    for (rte_mbuf* mbuf : outputs.tx[device]) {
      const auto* bytes = rte_pktmbuf_mtod(mbuf, const uint8_t*);
      const uint8_t mark = bytes[ipv6_at(direction) + kMarkAt];
      // An error to the sender goes the other way.
      if ((device == testing::kWanDevice) == out && mark < many)
        left[mark] = goes_the_right_way(bytes, direction);
      rte_pktmbuf_free(mbuf);
    }
    outputs.tx[device].clear();
  }
  for (rte_mbuf* mbuf : outputs.exceptions) rte_pktmbuf_free(mbuf);
  outputs.exceptions.clear();
  return left;
}

std::vector<Verdict> Box::verdicts(std::span<const Event> burst) {
  const Direction direction = burst.front().direction;
  site_.now = zero_ + burst.front().at;
  site_.pipeline->tick(site_.now);
  std::vector<rte_mbuf*> frames;
  for (const Event& event : burst)
    frames.push_back(site_.make_mbuf(frame_of(event.packet, direction, static_cast<uint8_t>(frames.size()))));
  const Counts before = drops();
  const uint16_t device = direction == Direction::outbound ? testing::kLanDevice : testing::kWanDevice;
  site_.pipeline->receive(frames, device, site_.snapshot, site_.now);
  const std::vector<bool> left = collect(direction, burst.size());
  // Of those that did not leave, in the order of the reasons: who is who the counters do not say.
  std::vector<Verdict> reasons;
  const Counts after = drops();
  for (std::size_t i = 0; i < after.size(); ++i)
    reasons.insert(reasons.end(), after[i] - before[i], verdict_of(i));
  std::vector<Verdict> verdicts(burst.size(), Verdict::pass);
  auto reason = reasons.begin();
  for (std::size_t i = 0; i < burst.size(); ++i)
    if (!left[i]) verdicts[i] = reason == reasons.end() ? Verdict::other : *reason++;
  return verdicts;
}

}  // namespace gate41::model
