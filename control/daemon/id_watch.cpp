#include "control/daemon/id_watch.hpp"

#include <fmt/format.h>

#include "dataplane/net/address.hpp"
#include "dataplane/tunnel/ip_ids.hpp"

namespace gate41 {

std::optional<std::string> IdWatch::sample(const CounterTotals& totals, TimePoint now) {
  uint64_t packets = 0;
  uint32_t peer = 0;
  for (const CounterTotals::Tunnel& tunnel : totals.tunnels) {
    packets += tunnel.fast_ids;
    if (tunnel.fast_peer != 0) peer = tunnel.fast_peer;
  }
  const uint64_t unsaid = watch_.unsaid(packets, now);
  if (unsaid == 0) return std::nullopt;
  return fmt::format(
      "tunnel: {} packets over {} a second to one peer ({}) with DF clear: should routers fragment them, "
      "pieces of different packets can be mixed up (RFC 4963); tunnels.NAME.mtu: auto sets DF",
      unsaid, IpIds::kPerSecond, Ipv4Address(Be32(peer)).to_string());
}

}  // namespace gate41
