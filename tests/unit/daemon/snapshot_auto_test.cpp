// `mode: auto` is 6rd once the DHCP server offers a domain, else 6to4: for the packet path nothing else of it
// is left, which is why the matrix of addresses (tests/matrix) has no router of this mode.
#include <tuple>

#include "tests/unit/daemon/site.hpp"

namespace gate41::testing {
namespace {

const dhcp::SixRd kOffer{16, net6("2600:41::/32"), {ip4("192.168.9.9"), ip4("192.168.9.10")}};

config::Config mode_config(config::TunnelMode mode) {
  config::Config config = gateway_config();
  config.tunnels.front().mode = mode;
  return config;
}

// The domain in the file that kOffer is by DHCP.
config::Config configured_domain() {
  config::Config config = mode_config(config::TunnelMode::six_rd);
  config.tunnels.front().six_rd = config::SixRd{kOffer.prefix, kOffer.ipv4_mask_len, false};
  config.tunnels.front().relays = kOffer.border_relays;
  return config;
}

SiteState offered(std::optional<dhcp::SixRd> offer) {
  SiteState state = gateway_state();
  state.offered = std::move(offer);
  return state;
}

// Names apart, all of a tunnel.
auto told(const Tunnel& t) {
  return std::tuple_cat(std::tie(t.kind, t.role, t.up, t.local, t.external, t.anycast, t.wan_subnet),
                        std::tie(t.domain, t.prefix, t.address, t.peer, t.relays),
                        std::tie(t.sites, t.accept_relays_only, t.ecn_compatibility, t.dscp_copy, t.dscp),
                        std::tie(t.mtu, t.mss_clamp, t.mtu_by_path, t.lab_v4, t.lab_v6));
}

auto told(const Route& r) {
  return std::tie(r.prefix, r.kind, r.lan, r.tunnel, r.source, r.next_hop, r.adjacency);
}

void expect_same(const Snapshot& one, const Snapshot& other) {
  ASSERT_EQ(one.tunnels.size(), other.tunnels.size());
  for (std::size_t i = 0; i < one.tunnels.size(); ++i)
    EXPECT_TRUE(told(one.tunnels[i]) == told(other.tunnels[i])) << "tunnel " << i;
  ASSERT_EQ(one.routes.routes().size(), other.routes.routes().size());
  for (std::size_t i = 0; i < one.routes.routes().size(); ++i)
    EXPECT_TRUE(told(one.routes.routes()[i]) == told(other.routes.routes()[i])) << "route " << i;
  EXPECT_EQ(one.own_prefixes, other.own_prefixes);
  EXPECT_EQ(one.tunnel_addresses, other.tunnel_addresses);
}

}  // namespace

// proves: U9
TEST(AutoSnapshot, WithAnOfferIsThatOfTheSameDomainInTheFile) {
  const auto automatic = built(mode_config(config::TunnelMode::automatic), offered(kOffer));
  const auto configured = built(configured_domain(), offered(std::nullopt));
  ASSERT_EQ(automatic->tunnels.front().kind, TunnelKind::six_rd);
  expect_same(*automatic, *configured);
}

TEST(AutoSnapshot, WithoutAnOfferIsThatOf6to4) {
  const auto automatic = built(mode_config(config::TunnelMode::automatic), offered(std::nullopt));
  const auto six_to_four = built(mode_config(config::TunnelMode::six_to_four), offered(std::nullopt));
  ASSERT_EQ(automatic->tunnels.front().kind, TunnelKind::six_to_four);
  expect_same(*automatic, *six_to_four);
}

}  // namespace gate41::testing
