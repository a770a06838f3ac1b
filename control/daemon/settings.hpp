// The engines' settings as they follow from the configuration and the state of the site. Pure.
#pragma once

#include <algorithm>
#include <optional>
#include <vector>

#include "config/model.hpp"
#include "control/address/discovery.hpp"
#include "control/broker/updater.hpp"
#include "control/daemon/site_state.hpp"
#include "control/dhcp/client.hpp"
#include "control/keepalive/engine.hpp"
#include "control/relay/health.hpp"

namespace gate41 {

[[nodiscard]] dhcp::Settings dhcp_settings(const config::Wan& wan, const MacAddress& mac,
                                           std::vector<uint8_t> client_id);
// A relay's own address is the interface's or nothing (B23).
[[nodiscard]] address::Settings discovery_settings(const config::Config& config);
[[nodiscard]] broker::Settings broker_settings(const config::Broker& broker);
// The address that the site is known by, as far as this machine knows: the WAN's, or what a relay is told to
// use instead.
[[nodiscard]] std::optional<Ipv4Address> own_address(const config::Config& config, const SiteState& site);
// The address that remote sites see, for brokers: as discovered where a tunnel needs that, else as
// configured, else the WAN's own where it is a global one.
[[nodiscard]] std::optional<Ipv4Address> seen_address(const config::Config& config, const SiteState& site);
// 6in4: the other end's address on the tunnel; ::, where there is none.
[[nodiscard]] Ipv6Address peer_of(const config::Tunnel& tunnel);
// The running order of LANs or tunnels: a file that only lists them in another one changes nothing. Same
// names in both.
template <typename Named>
[[nodiscard]] std::vector<Named> in_order_of(const std::vector<Named>& running, std::vector<Named> wanted) {
  const auto place = [&](const Named& one) {
    return std::ranges::find(running, one.name, &Named::name) - running.begin();
  };
  std::ranges::sort(wanted, {}, place);
  return wanted;
}
// Whether a LAN has a prefix of this tunnel.
[[nodiscard]] bool gives_to(const config::Tunnel& tunnel, const config::Lan& lan);
// Smallest of the tunnels that a LAN (null: a relay's native side) has a prefix of: what its hosts are told.
[[nodiscard]] uint16_t lan_mtu(const config::Config& config, const config::Lan* lan, uint16_t wan_mtu);
// Whether known flows may stay as they are: the policy epoch moves only if not.
[[nodiscard]] bool decides_alike(const config::Filter& a, const config::Filter& b);
// nullopt: nothing to probe (no prefix, no relays, role relay).
[[nodiscard]] std::optional<relay::Settings> health_settings(const config::Tunnel& tunnel,
                                                             const TunnelPlan& plan);

// When keep-alives go out, and what they are.
struct KeepaliveSettings {
  keepalive::Settings schedule;
  relay::ProbeForm form = relay::ProbeForm::relay_form;
  Ipv6Address peer;  // target of ProbeForm::peer
  bool operator==(const KeepaliveSettings&) const = default;
};
// Who is kept alive: the configured targets, or the relays. Empty: nobody.
[[nodiscard]] std::vector<Ipv4Address> keepalive_targets(const config::Tunnel& tunnel,
                                                         const TunnelPlan& plan);
// nullopt: nothing to keep alive (no prefix, off, role relay).
[[nodiscard]] std::optional<KeepaliveSettings> keepalive_settings(const config::Tunnel& tunnel,
                                                                  const TunnelPlan& plan);

}  // namespace gate41
