#include "control/daemon/id_watch.hpp"

#include <fmt/format.h>
#include <utility>

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
  if (packets == warned_of_ || now < quiet_until_) return std::nullopt;
  const uint64_t unsaid = packets - std::exchange(warned_of_, packets);
  quiet_until_ = now + std::chrono::minutes(1);
  return fmt::format(
      "tunnel: {} packets over {} a second to one peer ({}) with DF clear: should routers fragment them, "
      "pieces of different packets can be mixed up (RFC 4963); tunnels.NAME.mtu: auto sets DF",
      unsaid, IpIds::kPerSecond, Ipv4Address(Be32(peer)).to_string());
}

}  // namespace gate41
