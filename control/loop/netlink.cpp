#include "control/loop/netlink.hpp"

#include <initializer_list>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>
#include <utility>

#include "control/loop/errno_text.hpp"

namespace gate41::loop {
namespace {

// `harmless`: what says that it is so already.
Result<void> done_or(int error, const std::string& what, std::initializer_list<int> harmless = {}) {
  if (error == 0) return {};
  for (const int other : harmless)
    if (error == other) return {};
  std::string message = what + ": " + errno_text(error);
  if (error == EPERM) message += "; gate41d needs CAP_NET_ADMIN";
  return fail(message);
}

Result<uint32_t> index_of(const std::string& ifname) {
  if (const uint32_t index = ::if_nametoindex(ifname.c_str())) return index;
  return fail(ifname + ": there is no such interface");
}

template <typename Address>
constexpr unsigned char family_of() {
  return sizeof(Address) == sizeof(Ipv4Address) ? AF_INET : AF_INET6;
}

struct Interface {
  std::string name;
  uint32_t index;
};

template <typename Address>
ifaddrmsg address_header(uint32_t index, uint8_t length, unsigned char flags = 0) {
  ifaddrmsg header{};
  header.ifa_family = family_of<Address>();
  header.ifa_prefixlen = length;
  header.ifa_flags = flags;
  header.ifa_index = index;
  return header;
}

template <typename Address>
std::string address_text(const std::string& ifname, const Address& address, uint8_t length) {
  return ifname + ": address " + address.to_string() + '/' + std::to_string(length);
}

template <typename Address>
Result<void> remove_address(NetlinkSocket& kernel, const std::string& ifname, const Address& address,
                            uint8_t length) {
  const Result<uint32_t> index = index_of(ifname);
  if (!index) return {};  // gone, and its addresses with it
  NetlinkRequest request(RTM_DELADDR, 0, address_header<Address>(*index, length));
  request.put(IFA_LOCAL, address).put(IFA_ADDRESS, address);
  return done_or(kernel.ask(request), address_text(ifname, address, length) + " cannot be removed",
                 {EADDRNOTAVAIL, ENODEV});
}

struct Ipv4Interface {
  Ipv4Address address;
  uint8_t length;
};

Result<std::vector<Ipv4Interface>> ipv4_addresses(NetlinkSocket& kernel, const std::string& ifname,
                                                  uint32_t index) {
  std::vector<Ipv4Interface> result;
  NetlinkRequest request(RTM_GETADDR, 0, address_header<Ipv4Address>(0, 0));
  const int error = kernel.dump(request, [&](const nlmsghdr& message) {
    const auto* header = header_of<ifaddrmsg>(message);
    if (header == nullptr || header->ifa_index != index || header->ifa_family != AF_INET) return;
    const Attributes attributes = attributes_of(message, sizeof *header);
    result.push_back({value_of<Ipv4Address>(attributes[IFA_LOCAL]), header->ifa_prefixlen});
  });
  if (error != 0) return fail(ifname + ": its addresses cannot be read: " + errno_text(error));
  return result;
}

template <typename Address>
rtmsg route_header(uint8_t length, uint8_t protocol) {
  rtmsg header{};
  header.rtm_family = family_of<Address>();
  header.rtm_dst_len = length;
  header.rtm_table = RT_TABLE_MAIN;
  header.rtm_protocol = protocol;
  return header;
}

template <typename Prefix, typename Address>
Result<void> put_route(NetlinkSocket& kernel, const std::string& ifname, const Prefix& prefix,
                       const Address& gateway, const Address& source, uint8_t protocol = kRouteProtocol) {
  const Result<uint32_t> index = index_of(ifname);
  if (!index) return tl::unexpected(index.error());
  rtmsg header = route_header<Address>(prefix.length, protocol);
  header.rtm_type = RTN_UNICAST;
  header.rtm_scope = gateway.is_unspecified() ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE;
  header.rtm_flags = gateway.is_unspecified() ? 0U : unsigned{RTNH_F_ONLINK};
  NetlinkRequest request(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, header);
  request.put(RTA_DST, prefix.address).put(RTA_OIF, *index);
  if (!gateway.is_unspecified()) request.put(RTA_GATEWAY, gateway);
  if (!source.is_unspecified()) request.put(RTA_PREFSRC, source);
  return done_or(kernel.ask(request),
                 ifname + ": route to " + prefix.to_string() + " by " + gateway.to_string(), {EEXIST});
}

template <typename Prefix>
Result<void> drop_route(NetlinkSocket& kernel, const std::string& ifname, const Prefix& prefix,
                        uint8_t protocol = kRouteProtocol) {
  const Result<uint32_t> index = index_of(ifname);
  if (!index) return {};  // gone, and its routes with it
  rtmsg header = route_header<decltype(prefix.address)>(prefix.length, protocol);
  header.rtm_scope = RT_SCOPE_NOWHERE;  // any
  NetlinkRequest request(RTM_DELROUTE, 0, header);
  request.put(RTA_DST, prefix.address).put(RTA_OIF, *index);
  return done_or(kernel.ask(request), ifname + ": route to " + prefix.to_string() + " cannot be removed",
                 {ESRCH, ENOENT, ENODEV});
}

bool is_our_route(const nlmsghdr& message) {
  const auto* header = header_of<rtmsg>(message);
  return header != nullptr && message.nlmsg_type == RTM_NEWROUTE && header->rtm_protocol == kRouteProtocol &&
         header->rtm_table == RT_TABLE_MAIN && (header->rtm_flags & RTM_F_CLONED) == 0;
}

}  // namespace

Result<std::unique_ptr<HostNetwork>> HostNetwork::create() {
  Result<NetlinkSocket> requests = NetlinkSocket::open();
  if (!requests) return tl::unexpected(requests.error());
  Result<NetlinkSocket> monitor = NetlinkSocket::open(RTMGRP_NEIGH);
  if (!monitor) return tl::unexpected(monitor.error());
  return std::unique_ptr<HostNetwork>(new HostNetwork(std::move(*requests), std::move(*monitor)));
}

Result<void> HostNetwork::set_ipv4_address(const std::string& ifname, Ipv4Address address,
                                           uint8_t prefix_length) {
  const Result<uint32_t> index = index_of(ifname);
  if (!index) return tl::unexpected(index.error());
  const auto present = ipv4_addresses(requests_, ifname, *index);
  if (!present) return tl::unexpected(present.error());
  // The others first: a new address in the subnet of an old one would be its secondary and go with it.
  for (const auto& [other, length] : *present)
    if (other != address || length != prefix_length)
      if (auto removed = remove_ipv4_address(ifname, other, length); !removed) return removed;
  return add_ipv4_address(ifname, address, prefix_length);
}

Result<void> HostNetwork::add_ipv4_address(const std::string& ifname, Ipv4Address address,
                                           uint8_t prefix_length) {
  const Result<uint32_t> index = index_of(ifname);
  if (!index) return tl::unexpected(index.error());
  NetlinkRequest request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE,
                         address_header<Ipv4Address>(*index, prefix_length));
  request.put(IFA_LOCAL, address).put(IFA_ADDRESS, address);
  if (prefix_length <= 30) request.put(IFA_BROADCAST, Ipv4Prefix::of(address, prefix_length).broadcast());
  return done_or(requests_.ask(request), address_text(ifname, address, prefix_length), {EEXIST});
}

Result<void> HostNetwork::remove_ipv4_address(const std::string& ifname, Ipv4Address address,
                                              uint8_t prefix_length) {
  return remove_address(requests_, ifname, address, prefix_length);
}

Result<void> HostNetwork::clear_ipv4(const std::string& ifname) {
  const Result<uint32_t> index = index_of(ifname);
  if (!index) return {};
  const auto present = ipv4_addresses(requests_, ifname, *index);
  if (!present) return tl::unexpected(present.error());
  for (const auto& [address, length] : *present)
    if (auto removed = remove_ipv4_address(ifname, address, length); !removed) return removed;
  return {};
}

Result<void> HostNetwork::add_ipv6_address(const std::string& ifname, const Ipv6Address& address,
                                           uint8_t prefix_length, bool nodad) {
  const Result<uint32_t> index = index_of(ifname);
  if (!index) return tl::unexpected(index.error());
  const unsigned char flags = nodad ? IFA_F_NODAD : 0;
  NetlinkRequest request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE,
                         address_header<Ipv6Address>(*index, prefix_length, flags));
  request.put(IFA_LOCAL, address).put(IFA_ADDRESS, address);
  return done_or(requests_.ask(request), address_text(ifname, address, prefix_length), {EEXIST});
}

Result<void> HostNetwork::remove_ipv6_address(const std::string& ifname, const Ipv6Address& address,
                                              uint8_t prefix_length) {
  return remove_address(requests_, ifname, address, prefix_length);
}

Result<void> HostNetwork::set_default_route(const std::string& ifname, Ipv4Address gateway,
                                            Ipv4Address source) {
  return put_route(requests_, ifname, Ipv4Prefix{Ipv4Address(), 0}, gateway, source);
}

Result<void> HostNetwork::add_route(const std::string& ifname, const Ipv4Prefix& prefix,
                                    Ipv4Address gateway) {
  return put_route(requests_, ifname, prefix, gateway, Ipv4Address());
}

Result<void> HostNetwork::offer_route(const std::string& ifname, const Ipv4Prefix& prefix) {
  return put_route(requests_, ifname, prefix, Ipv4Address(), Ipv4Address(), kOfferProtocol);
}

Result<void> HostNetwork::offer_route(const std::string& ifname, const Ipv6Prefix& prefix) {
  return put_route(requests_, ifname, prefix, Ipv6Address(), Ipv6Address(), kOfferProtocol);
}

Result<void> HostNetwork::withdraw_route(const std::string& ifname, const Ipv4Prefix& prefix) {
  return drop_route(requests_, ifname, prefix, kOfferProtocol);
}

Result<void> HostNetwork::withdraw_route(const std::string& ifname, const Ipv6Prefix& prefix) {
  return drop_route(requests_, ifname, prefix, kOfferProtocol);
}

// A route as the kernel tells it is also how it is named for removal.
Result<void> HostNetwork::clear_routes() {
  std::vector<std::vector<char>> ours;
  rtmsg header{};
  header.rtm_family = AF_INET;
  NetlinkRequest request(RTM_GETROUTE, 0, header);
  const int error = requests_.dump(request, [&](const nlmsghdr& message) {
    const char* bytes = reinterpret_cast<const char*>(&message);
    if (is_our_route(message)) ours.emplace_back(bytes, bytes + message.nlmsg_len);
  });
  if (auto read = done_or(error, "routes cannot be read"); !read) return read;
  for (std::vector<char>& bytes : ours) {
    auto& message = *reinterpret_cast<nlmsghdr*>(bytes.data());
    message.nlmsg_type = RTM_DELROUTE;
    message.nlmsg_flags = NLM_F_REQUEST;
    message.nlmsg_pid = 0;
    if (auto gone = done_or(requests_.ask(message), "a route cannot be removed", {ESRCH}); !gone) return gone;
  }
  return {};
}

Result<void> HostNetwork::set_mtu(const std::string& ifname, uint16_t mtu) {
  const Result<uint32_t> index = index_of(ifname);
  if (!index) return tl::unexpected(index.error());
  ifinfomsg header{};
  header.ifi_index = static_cast<int>(*index);
  NetlinkRequest request(RTM_NEWLINK, 0, header);
  request.put(IFLA_MTU, uint32_t{mtu});
  return done_or(requests_.ask(request), ifname + ": MTU " + std::to_string(mtu));
}

}  // namespace gate41::loop
