#include "control/ra/other_routers.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <fmt/ranges.h>

#include "control/ndwire/options.hpp"

namespace gate41::ra {
namespace {

using std::chrono::seconds;
namespace option_type = ndwire::option_type;

constexpr std::size_t kMaxRouters = 32;
constexpr std::size_t kMaxPrefixes = 32;             // of one router
constexpr seconds kRememberedWithoutLifetime{1800};  // MaxRtrAdvInterval at most
constexpr seconds kQuiet{1};
constexpr uint8_t kManaged = 0x80;
constexpr uint8_t kOtherConfiguration = 0x40;

// RFC 4861 §4.2
struct Heard {
  uint8_t hop_limit = 0;
  uint8_t flags = 0;
  seconds router_lifetime{0};
  uint32_t reachable_ms = 0;
  uint32_t retransmission_ms = 0;
  std::optional<uint32_t> mtu;
  std::vector<PrefixInformation> prefixes;
};

std::optional<PrefixInformation> read_prefix(Bytes data) {
  Reader reader(data);
  const uint8_t length = reader.u8();
  reader.skip(1);
  const seconds valid(reader.u32());
  const seconds preferred(reader.u32());
  reader.skip(4);
  const auto address = reader.read<Ipv6Address>();
  if (reader.failed() || length > 128) return std::nullopt;
  return PrefixInformation{Ipv6Prefix::of(address, length), valid, preferred};
}

void read_option(const ndwire::Option& option, Heard& heard) {
  Reader reader(option.data);
  reader.skip(2);
  if (option.type == option_type::kMtu) heard.mtu = reader.u32();
  if (option.type != option_type::kPrefixInformation || heard.prefixes.size() == kMaxPrefixes) return;
  if (const auto prefix = read_prefix(option.data)) heard.prefixes.push_back(*prefix);
}

Heard read(const ndwire::Received& received) {
  Reader fields = received.fields();
  Heard heard;
  heard.hop_limit = fields.u8();
  heard.flags = fields.u8();
  heard.router_lifetime = seconds(fields.u16());
  heard.reachable_ms = fields.u32();
  heard.retransmission_ms = fields.u32();
  ndwire::Options walk(received.options);
  while (const auto option = walk.next()) read_option(*option, heard);
  return heard;
}

// Fields that are 0 leave the matter to others (RFC 4861 §6.2.7).
void compare_fields(const Heard& heard, const Advertisement& ours, std::vector<std::string>& found) {
  if (heard.router_lifetime > seconds(0)) found.emplace_back("advertises itself as default router");
  if (heard.hop_limit != 0 && heard.hop_limit != kHopLimit)
    found.push_back(fmt::format("hop limit {} (ours {})", heard.hop_limit, kHopLimit));
  if ((heard.flags & kManaged) != 0) found.emplace_back("managed addresses (M) where we have none");
  if ((heard.flags & kOtherConfiguration) != 0) found.emplace_back("DHCPv6 (O) where we have none");
  if (heard.reachable_ms != 0)
    found.push_back(fmt::format("reachable time {} ms (ours unspecified)", heard.reachable_ms));
  if (heard.retransmission_ms != 0)
    found.push_back(fmt::format("retransmission time {} ms (ours unspecified)", heard.retransmission_ms));
  if (heard.mtu && *heard.mtu != ours.mtu)
    found.push_back(fmt::format("MTU {} (ours {})", *heard.mtu, ours.mtu));
}

// A prefix that we withdraw is not in competition.
void compare_prefixes(const Heard& heard, const Advertisement& ours, std::vector<std::string>& found) {
  for (const PrefixInformation& own : ours.prefixes)
    for (const PrefixInformation& other : heard.prefixes) {
      if (own.valid == seconds(0) || other.prefix != own.prefix) continue;
      const bool same = other.valid == own.valid && other.preferred == own.preferred;
      found.push_back(
          fmt::format("our prefix {}{}", own.prefix.to_string(), same ? "" : ", other lifetimes"));
    }
}

std::string difference(const Heard& heard, const Advertisement& ours) {
  std::vector<std::string> found;
  compare_fields(heard, ours, found);
  compare_prefixes(heard, ours, found);
  return fmt::format("{}", fmt::join(found, "; "));
}

OtherRouterInfo info_of(const ndwire::Received& received, const Heard& heard, TimePoint now) {
  const bool is_default = heard.router_lifetime > seconds(0);
  OtherRouterInfo info{received.source, received.ether_source, is_default};
  info.expires = now + (is_default ? heard.router_lifetime : kRememberedWithoutLifetime);
  for (const PrefixInformation& prefix : heard.prefixes)
    if (prefix.valid > seconds(0)) info.prefixes.push_back(prefix.prefix);
  return info;
}

}  // namespace

std::optional<std::string> OtherRouters::on_advertisement(const ndwire::Received& received,
                                                          const Advertisement& ours, TimePoint now) {
  const Heard heard = read(received);
  Known& known = place_for(received.source);
  known.info = info_of(received, heard, now);
  return report(known, difference(heard, ours), now);
}

// When the table is full, the one that is soonest forgotten goes.
OtherRouters::Known& OtherRouters::place_for(const Ipv6Address& address) {
  const auto place = std::find_if(known_.begin(), known_.end(),
                                  [&](const Known& known) { return known.info.address == address; });
  if (place != known_.end()) return *place;
  if (known_.size() < kMaxRouters) return known_.emplace_back();
  Known& soonest = *std::min_element(known_.begin(), known_.end(), [](const Known& a, const Known& b) {
    return a.info.expires < b.info.expires;
  });
  soonest = {};
  return soonest;
}

std::optional<std::string> OtherRouters::report(Known& known, std::string difference, TimePoint now) {
  if (difference == known.reported) return std::nullopt;
  if (difference.empty()) {
    known.reported.clear();
    return std::nullopt;
  }
  if (now < quiet_until_) return std::nullopt;  // its next RA reports it
  quiet_until_ = now + kQuiet;
  known.reported = std::move(difference);
  return known.reported;
}

void OtherRouters::expire(TimePoint now) {
  std::erase_if(known_, [&](const Known& known) { return known.info.expires <= now; });
}

std::optional<Ipv6Address> OtherRouters::default_router() const {
  const auto first =
      std::find_if(known_.begin(), known_.end(), [](const Known& known) { return known.info.is_default; });
  return first == known_.end() ? std::nullopt : std::optional(first->info.address);
}

std::optional<TimePoint> OtherRouters::next_expiry() const {
  std::optional<TimePoint> next;
  for (const Known& known : known_) next = std::min(next.value_or(known.info.expires), known.info.expires);
  return next;
}

std::vector<OtherRouterInfo> OtherRouters::list() const {
  std::vector<OtherRouterInfo> list;
  for (const Known& known : known_) list.push_back(known.info);
  return list;
}

}  // namespace gate41::ra
