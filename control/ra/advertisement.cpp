#include "control/ra/advertisement.hpp"

#include <algorithm>

namespace gate41::ra {
namespace {

using std::chrono::seconds;

// Rounded down: what is advertised never outlives the lease (P20).
seconds remaining(TimePoint until, TimePoint now) {
  if (until == TimePoint::max()) return seconds::max();
  return std::max(std::chrono::floor<seconds>(until - now), seconds(0));
}

// P23. Without prefixes (a ULA's route, say) nothing bounds it.
seconds longest_remaining(const Content& content, TimePoint now) {
  if (content.prefixes.empty()) return seconds::max();
  seconds longest{0};
  for (const Prefix& prefix : content.prefixes)
    longest = std::max(longest, remaining(prefix.valid_until, now));
  return longest;
}

// P3, P11, X29
bool is_default_router(const Settings& settings, const Content& content, TimePoint now) {
  return settings.default_route && content.default_router && !content.prefixes.empty() &&
         longest_remaining(content, now) > seconds(0);
}

bool contains(const std::vector<PrefixInformation>& list, const Ipv6Prefix& prefix) {
  return std::any_of(list.begin(), list.end(), [&](const auto& known) { return known.prefix == prefix; });
}

std::vector<PrefixInformation> prefix_informations(const Content& content,
                                                   const std::vector<StalePrefix>& stale, TimePoint now) {
  std::vector<PrefixInformation> list;
  for (const auto& [prefix, valid_until] : content.prefixes) {
    const seconds rest = remaining(valid_until, now);
    if (!prefix.address.is_link_local())  // H38
      list.push_back({prefix, std::min(rest, kValidLifetime), std::min(rest, kPreferredLifetime)});
  }
  for (const StalePrefix& old : stale)
    if (!contains(list, old.prefix)) list.push_back({old.prefix, seconds(0), seconds(0)});
  return list;
}

std::vector<RouteInformation> route_informations(const Content& content, const Withdrawn& withdrawn,
                                                 TimePoint now) {
  std::vector<RouteInformation> list;
  const seconds lifetime = std::min(longest_remaining(content, now), kValidLifetime);
  for (const Ipv6Prefix& route : content.routes) list.push_back({route, lifetime});
  for (const Ipv6Prefix& route : withdrawn.routes.values()) list.push_back({route, seconds(0)});
  return list;
}

// RFC 8106 §5.1: 3 * MaxRtrAdvInterval, within P23.
std::vector<DnsInformation> dns_informations(const Settings& settings, const Content& content,
                                             const Withdrawn& withdrawn, TimePoint now) {
  const seconds lifetime =
      std::min({longest_remaining(content, now), 3 * settings.max_interval, kValidLifetime});
  return {{settings.rdnss, settings.dnssl, lifetime},
          {withdrawn.rdnss.values(), withdrawn.dnssl.values(), seconds(0)}};
}

}  // namespace

Advertisement compose(const Settings& settings, const Content& content, const std::vector<StalePrefix>& stale,
                      const Withdrawn& withdrawn, TimePoint now) {
  const bool is_default = is_default_router(settings, content, now);
  return {settings.mac,
          is_default ? kRouterLifetime : seconds(0),
          settings.preference,
          settings.mtu,
          prefix_informations(content, stale, now),
          route_informations(content, withdrawn, now),
          dns_informations(settings, content, withdrawn, now)};
}

Advertisement final_of(Advertisement advertisement, bool deprecate) {
  advertisement.router_lifetime = seconds(0);
  for (RouteInformation& route : advertisement.routes) route.lifetime = seconds(0);
  if (!deprecate) {
    std::erase_if(advertisement.prefixes, [](const auto& prefix) { return prefix.valid > seconds(0); });
    std::erase_if(advertisement.dns, [](const auto& dns) { return dns.lifetime > seconds(0); });
  }
  for (PrefixInformation& prefix : advertisement.prefixes) prefix.valid = prefix.preferred = seconds(0);
  for (DnsInformation& dns : advertisement.dns) dns.lifetime = seconds(0);
  return advertisement;
}

}  // namespace gate41::ra
