// OtherRouters: who else sends router advertisements on this link, what they say, and in what it differs from
// ours (RFC 4861 §6.2.7; H30). Bounded; control thread only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "control/ndwire/received.hpp"
#include "control/ra/advertisement.hpp"
#include "dataplane/base/clock.hpp"

namespace gate41::ra {

struct OtherRouterInfo {
  Ipv6Address address;
  MacAddress mac;
  bool is_default = false;
  TimePoint expires;  // of its router lifetime; for one that is no default router, when it is forgotten
  std::vector<Ipv6Prefix> prefixes;
};

class OtherRouters {
 public:
  // A received RA (read_nd) of another router. Returns what a person should know about it, when that is new.
  std::optional<std::string> on_advertisement(const ndwire::Received& received, const Advertisement& ours,
                                              TimePoint now);
  void expire(TimePoint now);

  [[nodiscard]] std::optional<Ipv6Address> default_router() const;
  [[nodiscard]] std::optional<TimePoint> next_expiry() const;
  [[nodiscard]] std::vector<OtherRouterInfo> list() const;

 private:
  struct Known {
    OtherRouterInfo info;
    std::string reported;
  };
  Known& place_for(const Ipv6Address& address);
  std::optional<std::string> report(Known& known, std::string difference, TimePoint now);

  std::vector<Known> known_;
  TimePoint quiet_until_{};  // at most one report a second: a flood of RAs must not become a flood of events
};

}  // namespace gate41::ra
