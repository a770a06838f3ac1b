// HostNetwork: addresses, routes and neighbours of the kernel in the namespace that the control thread is in,
// by rtnetlink. A request waits for its answer at most NetlinkSocket::kAnswerLimit (the kernel answers within
// the call). Everything can be repeated: what is there already, or gone already, is no error. Control thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "control/loop/netlink_socket.hpp"
#include "control/loop/route_protocols.hpp"
#include "dataplane/base/clock.hpp"
#include "dataplane/base/result.hpp"
#include "dataplane/net/address.hpp"

namespace gate41::loop {

// What the kernel knows of an IPv4 neighbour.
struct Neighbour {
  uint32_t ifindex = 0;
  std::string ifname;  // empty when the interface has gone
  Ipv4Address address;
  std::optional<MacAddress> mac;  // present: usable now
  bool failed = false;            // no answer, or the entry has gone
  bool operator==(const Neighbour&) const = default;
};

class HostNetwork {
 public:
  // Opened within the namespace (HostNamespace::enter comes first).
  static Result<std::unique_ptr<HostNetwork>> create();

  // Makes this the interface's only IPv4 address. Routes that needed another one are gone then.
  Result<void> set_ipv4_address(const std::string& ifname, Ipv4Address address, uint8_t prefix_length);
  Result<void> add_ipv4_address(const std::string& ifname, Ipv4Address address, uint8_t prefix_length);
  Result<void> remove_ipv4_address(const std::string& ifname, Ipv4Address address, uint8_t prefix_length);
  // All IPv4 addresses of the interface, and with them the routes that need them.
  Result<void> clear_ipv4(const std::string& ifname);

  // `nodad`: usable at once; gate41's own engine has done DAD.
  Result<void> add_ipv6_address(const std::string& ifname, const Ipv6Address& address, uint8_t prefix_length,
                                bool nodad = true);
  Result<void> remove_ipv6_address(const std::string& ifname, const Ipv6Address& address,
                                   uint8_t prefix_length);

  // IPv4 routes of kRouteProtocol; one that is there for the same prefix is replaced. The gateway need not be
  // in a prefix of the interface (a lease with /32); unspecified = the prefix is on link (RFC 3442).
  Result<void> set_default_route(const std::string& ifname, Ipv4Address gateway, Ipv4Address source);
  Result<void> add_route(const std::string& ifname, const Ipv4Prefix& prefix, Ipv4Address gateway);
  // Routes of kOfferProtocol, on link: for routing daemons to export.
  Result<void> offer_route(const std::string& ifname, const Ipv4Prefix& prefix);
  Result<void> offer_route(const std::string& ifname, const Ipv6Prefix& prefix);
  Result<void> withdraw_route(const std::string& ifname, const Ipv4Prefix& prefix);
  Result<void> withdraw_route(const std::string& ifname, const Ipv6Prefix& prefix);
  // Every IPv4 route of kRouteProtocol in the main table.
  Result<void> clear_routes();

  Result<void> set_mtu(const std::string& ifname, uint16_t mtu);

  // The kernel resolves the address now and keeps it resolved without traffic of its own (NTF_EXT_MANAGED,
  // Linux 5.16; an older kernel resolves it once and the next call renews it).
  Result<void> manage_neighbour(const std::string& ifname, Ipv4Address address);
  Result<void> unmanage_neighbour(const std::string& ifname, Ipv4Address address);
  Result<std::vector<Neighbour>> dump_neighbours();

  // Readable when neighbours have changed. Watch it with EPOLLIN and call read_neighbour_changes().
  [[nodiscard]] int monitor_fd() const { return monitor_.fd(); }
  // Oldest first; after an overflow of the kernel's queue, all that there are.
  std::vector<Neighbour> read_neighbour_changes();

 private:
  HostNetwork(NetlinkSocket requests, NetlinkSocket monitor)
      : requests_(std::move(requests)), monitor_(std::move(monitor)) {}

  NetlinkSocket requests_;
  NetlinkSocket monitor_;
};

}  // namespace gate41::loop
