#include "control/loop/route_offer.hpp"

namespace gate41::loop {

Ipv4Prefix anycast_prefix(Ipv4Address anycast) {
  return kRelayAnycast.contains(anycast) ? kRelayAnycast : Ipv4Prefix{anycast, 32};
}

Result<void> RouteOffer::hold(const Ipv6Prefix& sites) {
  if (held_) return {};
  sites_ = sites;
  return put();
}

Result<void> RouteOffer::renew() { return held_ ? put() : Result<void>{}; }

Result<void> RouteOffer::put() {
  if (auto sites = network_.offer_route(routes_.native, sites_); !sites) return sites;
  held_ = true;
  if (!routes_.anycast) return {};
  Result<void> anycast = network_.offer_route(routes_.wan, *routes_.anycast);
  if (!anycast) (void)withdraw();  // half a relay would take what it cannot carry back
  return anycast;
}

Result<void> RouteOffer::withdraw() {
  if (!held_) return {};
  held_ = false;
  // The way in first. Both are tried.
  const Result<void> anycast =
      routes_.anycast ? network_.withdraw_route(routes_.wan, *routes_.anycast) : Result<void>{};
  const Result<void> sites = network_.withdraw_route(routes_.native, sites_);
  return anycast ? sites : anycast;
}

std::string RouteOffer::to_string() const {
  const std::string sites = sites_.to_string();
  return routes_.anycast ? sites + " and " + routes_.anycast->to_string() : sites;
}

}  // namespace gate41::loop
