// The routers that the tunnel tests ask, as the reference and as the product see them.
#pragma once

#include <cstring>

#include "dataplane/tunnel/tunnel.hpp"
#include "tests/support/packet_builder.hpp"
#include "tests/unit/tunnel/rfc3964.hpp"

namespace gate41::testing {

inline Router gateway_router() {
  return {.name = "Gateway",
          .local = v4("11.0.0.2"),
          .external = v4("11.0.0.2"),
          .relays = {v4("192.88.99.1"), v4("12.9.9.9"), v4("192.168.7.7")}};
}

inline Router gateway_behind_nat() {
  Router router = gateway_router();
  router.name = "GatewayBehindNat";
  router.local = v4("192.168.1.2");
  router.external = v4("11.5.5.5");
  return router;
}

inline Router gateway_of_relays_only() {
  Router router = gateway_router();
  router.name = "GatewayOfRelaysOnly";
  router.relays_only = true;
  return router;
}

inline Router unicast_relay() {
  return {.name = "UnicastRelay", .is_relay = true, .local = v4("11.0.0.3"), .external = v4("11.0.0.3")};
}

inline Router anycast_relay() {
  Router router = unicast_relay();
  router.name = "AnycastRelay";
  router.anycast = {v4("192.88.99.1")};
  return router;
}

inline Router relay_with_sites() {
  Router router = anycast_relay();
  router.name = "RelayWithSites";
  router.sites = {v4("12.0.0.0")};
  return router;
}

inline Ipv4Address address_of(const V4& bytes) {
  return Ipv4Address::of(bytes[0], bytes[1], bytes[2], bytes[3]);
}
inline Ipv6Address address_of(const V6& bytes) {
  Ipv6Address address;
  address.bytes = bytes;
  return address;
}

inline Tunnel tunnel_of(const Router& router) {
  Tunnel tunnel;
  tunnel.up = true;
  tunnel.role = router.is_relay ? TunnelRole::relay : TunnelRole::gateway;
  tunnel.local = address_of(router.local);
  tunnel.external = address_of(router.external);
  for (const V4& anycast : router.anycast) tunnel.anycast = address_of(anycast);
  tunnel.wan_subnet = {ip4("11.0.0.0"), 24};
  V6 prefix = {0x20, 0x02};
  std::memcpy(prefix.data() + 2, router.external.data(), 4);
  tunnel.prefix = {address_of(prefix), 48};
  prefix[15] = 1;
  tunnel.address = address_of(prefix);
  for (const V4& relay : router.relays) tunnel.relays.push_back(address_of(relay));
  for (const V4& site : router.sites) tunnel.sites.push_back({address_of(site), 24});
  tunnel.accept_relays_only = router.relays_only;
  return tunnel;
}

}  // namespace gate41::testing
