#include "tests/model/driver/box.hpp"

#include <algorithm>

#include "dataplane/filter/filter.hpp"
#include "tests/model/driver/frames.hpp"

namespace gate41::model {
namespace {

constexpr uint32_t kFlows = 4096;
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

uint32_t count(seconds duration) { return static_cast<uint32_t>(duration.count()); }

Timeouts timeouts_of(const Timers& timers) {
  return {.tcp_established = count(timers.tcp_established),
          .tcp_transitory = count(timers.tcp_transitory),
          .udp = count(timers.udp),
          .udp_well_known = count(timers.udp_well_known),
          .icmpv6_echo = count(timers.echo),
          .generic = count(timers.generic),
          .sctp_established = count(timers.sctp_established),
          .sctp_transitory = count(timers.sctp_transitory),
          .dccp_established = count(timers.dccp_established),
          .dccp_transitory = count(timers.dccp_transitory)};
}

gate41::Profile profile_of(Profile profile) {
  switch (profile) {
    case Profile::strict:
      return gate41::Profile::strict;
    case Profile::simple_security:
      return gate41::Profile::simple_security;
    case Profile::transparent:
      return gate41::Profile::transparent;
  }
  return gate41::Profile::strict;
}

InboundRule rule_of(const Pinhole& pinhole) {
  InboundRule rule{address_of(pinhole.host), pinhole.protocol, pinhole.first, pinhole.last};
  if (pinhole.from) rule.from = prefix_of(*pinhole.from);
  return rule;
}

uint16_t two_bytes(std::span<const uint8_t> bytes) {
  return static_cast<uint16_t>(bytes[0] << 8U | bytes[1]);
}

// The packet in an ICMPv6 error; nothing when it is no error of this kind.
std::optional<Refused> refused_in(std::span<const uint8_t> icmpv6) {
  constexpr std::size_t kHeader = 8;  // of ICMPv6, and of each extension header here
  constexpr std::size_t kNextAt = 6;
  if (icmpv6[0] != 1 || icmpv6[1] != 1) return std::nullopt;
  std::span<const uint8_t> quote = icmpv6.subspan(kHeader);
  Refused refused;
  std::ranges::copy(quote.subspan(8, 16), refused.source.bytes.begin());
  std::ranges::copy(quote.subspan(24, 16), refused.destination.bytes.begin());
  refused.protocol = quote[kNextAt];
  quote = quote.subspan(40);
  while (refused.protocol == 0 || refused.protocol == 44 || refused.protocol == 60) {
    refused.protocol = quote[0];
    quote = quote.subspan(kHeader);
  }
  refused.source_port = two_bytes(quote);
  refused.destination_port = two_bytes(quote.subspan(2));
  return refused;
}

// What the product counts under this name. Neighbour discovery from the LAN that has crossed a router (its
// hop limit is not 255) is of a type that is never forwarded, and more besides.
Verdict verdict_of(std::size_t reason) {
  if (reason == static_cast<std::size_t>(DropReason::nd_invalid)) return Verdict::filter_icmpv6_type;
  const auto found = std::ranges::find(kVerdictNames, kDropReasons[reason].name);
  return found == kVerdictNames.end() ? Verdict::other : static_cast<Verdict>(found - kVerdictNames.begin());
}

// Who hears that he was refused.
std::vector<Refused> told_by(const testing::Outcome& outcome) {
  std::vector<Refused> told;
  for (const testing::Sent& sent : outcome.sent) {
    if (sent.device != testing::kWanDevice) continue;
    const auto ipv6 = std::span(sent.bytes).subspan(ipv6_at(Direction::outbound));
    const auto refused = refused_in(ipv6.subspan(40));
    // To its sender, or it is none.
    if (refused && std::ranges::equal(ipv6.subspan(24, 16), refused->source.bytes)) told.push_back(*refused);
  }
  return told;
}

// Which of a burst have left, by their marks, and to where they should. An error to the sender goes the other
// way.
std::vector<bool> left_by(const testing::Outcome& outcome, Direction direction, std::size_t many) {
  std::vector<bool> left(many);
  const uint16_t device = direction == Direction::outbound ? testing::kWanDevice : testing::kLanDevice;
  for (const testing::Sent& sent : outcome.sent) {
    const uint8_t mark = sent.bytes[ipv6_at(direction) + kMarkAt];
    if (sent.device == device && mark < many) left[mark] = goes_the_right_way(sent.bytes.data(), direction);
  }
  return left;
}

}  // namespace

Refused refused_of(const Headers& headers) {
  return {address_of(headers.source), address_of(headers.destination), headers.protocol, headers.source_port,
          headers.destination_port};
}

// Steady: a policy is all that changes, and has a number of its own. So the short way is compared, too.
Box::Box(uint16_t workers) : workers_(workers), site_(kFlows, workers) {
  site_.steady = true;
  add_hosts();
}

void Box::add_hosts() {
  for (uint8_t number = 1; number < kHosts; ++number) {  // the site has one already
    const AdjacencyIndex index = site_.adjacencies.allocate();
    site_.neighbours->insert({address_of({Place::lan, number}), testing::kHomeLan, {}}, index);
    MacAddress mac = testing::kHostMac;
    mac.bytes[5] = static_cast<uint8_t>(kFirstHost + number);
    site_.adjacencies.write(index, testing::ethernet_way(mac, testing::kHomeLink));
  }
}

template <typename Predicate>
void Box::erase_flows(Predicate predicate) {
  for (std::size_t i = 0; i < workers_; ++i) {
    FlowTable& flows = *site_.worker(i).flows();
    uint32_t cursor = 0;
    do {
      cursor = flows.walk(cursor, kFlows, [&](int32_t position) {
        if (predicate(flows.entry(position))) flows.erase(position);
      });
    } while (cursor != 0);
  }
}

void Box::forget() {
  erase_flows([](const FlowEntry&) { return true; });
  set_policy({});
  zero_ = std::chrono::ceil<std::chrono::seconds>(site_.now) + kLongAfter;
  (void)pass_time(Time{0});  // nobody hears of it in this profile
}

void Box::set_policy(const Policy& policy) {
  gate41::Policy& own = site_.snapshot.policy;
  ++own.epoch;
  own.profile = profile_of(policy.profile);
  own.allow_echo = policy.allows_echo();
  own.endpoint_independent = policy.is_endpoint_independent();
  own.timeouts = timeouts_of(policy.timers);
  std::vector<InboundRule> rules;
  std::ranges::transform(policy.pinholes, std::back_inserter(rules), rule_of);
  own.inbound = Pinholes(std::move(rules));
}

// An endpoint is open until the clock hand has found its last flow, which is up to a round after that flow's
// timer: here it comes at once.
Box::Late Box::pass_time(Time now) {
  site_.now = zero_ + now;
  for (std::size_t i = 0; i < workers_; ++i) site_.worker(i).tick(site_.now);
  if (site_.snapshot.policy.endpoint_independent)
    erase_flows([this](const FlowEntry& entry) { return has_expired(entry, site_.now); });
  const uint64_t before = limited();
  const testing::Outcome outcome = site_.turn();
  return {told_by(outcome), limited() - before};
}

Box::Counts Box::drops() {
  Counts counts{};
  for (std::size_t i = 0; i < workers_; ++i) {
    const auto& of_one = site_.worker(i).counters().drops;
    for (std::size_t reason = 0; reason < counts.size(); ++reason) counts[reason] += of_one[reason].get();
  }
  return counts;
}

uint64_t Box::limited() {
  uint64_t sum = 0;
  for (std::size_t i = 0; i < workers_; ++i) sum += site_.worker(i).counters().icmp_errors_limited.get();
  return sum;
}

std::vector<Verdict> Box::verdicts(std::span<const Event> burst) {
  const Direction direction = burst.front().direction;
  std::vector<rte_mbuf*> frames;
  for (const Event& event : burst)
    frames.push_back(site_.make_mbuf(frame_of(event.packet, direction, static_cast<uint8_t>(frames.size()))));
  const Counts before = drops();
  const uint16_t device = direction == Direction::outbound ? testing::kLanDevice : testing::kWanDevice;
  site_.arrival = bursts_++ % workers_;
  const std::vector<bool> left = left_by(site_.receive_mbufs(device, frames), direction, burst.size());
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
