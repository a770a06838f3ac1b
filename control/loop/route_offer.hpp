// RouteOffer: the kernel routes that a healthy relay holds, for a routing daemon in the same namespace to
// export (RFC 3068 §4.4, RFC 3056 §5.2; B4, B10, A14): what its tunnel serves by the native side's interface,
// the anycast prefix by the WAN's. They carry kOfferProtocol, and go with their interfaces when the daemon is
// killed. Control thread.
#pragma once

#include <optional>
#include <string>

#include "control/loop/netlink.hpp"

namespace gate41::loop {

class RouteOffer {
 public:
  struct Routes {
    std::string native;                 // interface
    std::string wan;                    // interface
    std::optional<Ipv4Prefix> anycast;  // none without an anycast address
  };
  RouteOffer(HostNetwork& network, Routes routes) : network_(network), routes_(std::move(routes)) {}

  // Does nothing when it is so already. After an error it is not, and the next call tries again.
  // `sites`: 2002::/16 (and nothing longer), or the 6rd domain's prefix.
  Result<void> hold(const Ipv6Prefix& sites);
  Result<void> withdraw();
  // The kernel takes the routes of an interface away with its last address: puts back what is held.
  Result<void> renew();
  [[nodiscard]] bool held() const { return held_; }
  // "2002::/16 and 192.88.99.0/24", as last held.
  [[nodiscard]] std::string to_string() const;

 private:
  Result<void> put();

  HostNetwork& network_;
  Routes routes_;
  Ipv6Prefix sites_;
  bool held_ = false;
};

// RFC 3068 §2.3: 192.88.99.0/24 for its own address; another anycast address stands for itself.
[[nodiscard]] Ipv4Prefix anycast_prefix(Ipv4Address anycast);

}  // namespace gate41::loop
