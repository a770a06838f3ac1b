#include <fmt/core.h>

#include "control/ra/advertisement.hpp"

namespace gate41::ra {
namespace {

std::string router_line(const Advertisement& advertisement) {
  const auto hop_limit = fmt::format("hop limit {}", kHopLimit);
  if (advertisement.router_lifetime == std::chrono::seconds(0))
    return fmt::format("no default router (lifetime 0 s), {}", hop_limit);
  return fmt::format("default router for {} s, preference {}, {}", advertisement.router_lifetime.count(),
                     name_of(advertisement.preference), hop_limit);
}

std::string prefix_line(const PrefixInformation& prefix) {
  return fmt::format("prefix {}: on-link{}, valid {} s, preferred {} s", prefix.prefix.to_string(),
                     prefix.autonomous() ? ", autonomous" : "", prefix.valid.count(),
                     prefix.preferred.count());
}

void add_dns_lines(const DnsInformation& dns, std::vector<std::string>& lines) {
  for (const Ipv6Address& server : dns.servers)
    lines.push_back(fmt::format("DNS server {}: {} s", server.to_string(), dns.lifetime.count()));
  for (const std::string& domain : dns.domains)
    lines.push_back(fmt::format("DNS search domain {}: {} s", domain, dns.lifetime.count()));
}

}  // namespace

const char* name_of(Preference preference) {
  switch (preference) {
    case Preference::low:
      return "low";
    case Preference::medium:
      return "medium";
    case Preference::high:
      return "high";
  }
  return "?";
}

std::vector<std::string> describe(const Advertisement& advertisement) {
  std::vector<std::string> lines{router_line(advertisement), fmt::format("MTU {}", advertisement.mtu),
                                 fmt::format("link-layer address {}", advertisement.mac.to_string())};
  for (const PrefixInformation& prefix : advertisement.prefixes) lines.push_back(prefix_line(prefix));
  for (const RouteInformation& route : advertisement.routes)
    lines.push_back(fmt::format("route {}: preference {}, {} s", route.prefix.to_string(),
                                name_of(advertisement.preference), route.lifetime.count()));
  for (const DnsInformation& dns : advertisement.dns) add_dns_lines(dns, lines);
  return lines;
}

}  // namespace gate41::ra
