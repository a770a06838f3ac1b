// The neighbours' part of HostNetwork.
#include <array>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sys/socket.h>

#include "control/loop/errno_text.hpp"
#include "control/loop/netlink.hpp"
#include "dataplane/base/log.hpp"

namespace gate41::loop {
namespace {

// NUD_NOARP (multicast, broadcast) is nobody's neighbour.
constexpr unsigned kUsable = NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT;

std::string name_of(uint32_t index) {
  std::array<char, IF_NAMESIZE> name{};
  return ::if_indextoname(index, name.data()) == nullptr ? std::string() : std::string(name.data());
}

std::optional<Neighbour> neighbour_in(const nlmsghdr& message) {
  if (message.nlmsg_type != RTM_NEWNEIGH && message.nlmsg_type != RTM_DELNEIGH) return std::nullopt;
  const auto* header = header_of<ndmsg>(message);
  if (header == nullptr) return std::nullopt;
  const Attributes attributes = attributes_of(message, sizeof *header);
  if (header->ndm_family != AF_INET || attributes[NDA_DST] == nullptr || (header->ndm_state & NUD_NOARP) != 0)
    return std::nullopt;
  Neighbour result;
  result.ifindex = static_cast<uint32_t>(header->ndm_ifindex);
  result.ifname = name_of(result.ifindex);
  result.address = value_of<Ipv4Address>(attributes[NDA_DST]);
  const bool gone = message.nlmsg_type == RTM_DELNEIGH;
  result.failed = gone || (header->ndm_state & NUD_FAILED) != 0;
  if (!gone && (header->ndm_state & kUsable) != 0 && attributes[NDA_LLADDR] != nullptr)
    result.mac = value_of<MacAddress>(attributes[NDA_LLADDR]);
  return result;
}

ndmsg neighbour_header(uint32_t index) {
  ndmsg header{};
  header.ndm_family = AF_INET;
  header.ndm_ifindex = static_cast<int>(index);
  return header;
}

}  // namespace

Result<void> HostNetwork::manage_neighbour(const std::string& ifname, Ipv4Address address) {
  const uint32_t index = ::if_nametoindex(ifname.c_str());
  ndmsg header = neighbour_header(index);
  header.ndm_flags = NTF_USE;
  NetlinkRequest request(RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, header);
  request.put(NDA_DST, address).put(NDA_FLAGS_EXT, uint32_t{NTF_EXT_MANAGED});
  const int error = index == 0 ? ENODEV : requests_.ask(request);
  if (error == 0) return {};
  return fail(ifname + ": neighbour " + address.to_string() + " cannot be resolved: " + errno_text(error));
}

Result<void> HostNetwork::unmanage_neighbour(const std::string& ifname, Ipv4Address address) {
  const uint32_t index = ::if_nametoindex(ifname.c_str());
  if (index == 0) return {};  // gone, and its neighbours with it
  NetlinkRequest request(RTM_DELNEIGH, 0, neighbour_header(index));
  request.put(NDA_DST, address);
  const int error = requests_.ask(request);
  if (error == 0 || error == ENOENT || error == ESRCH) return {};
  return fail(ifname + ": neighbour " + address.to_string() + " cannot be removed: " + errno_text(error));
}

Result<std::vector<Neighbour>> HostNetwork::dump_neighbours() {
  std::vector<Neighbour> result;
  NetlinkRequest request(RTM_GETNEIGH, 0, neighbour_header(0));
  const int error = requests_.dump(request, [&](const nlmsghdr& message) {
    if (auto neighbour = neighbour_in(message)) result.push_back(std::move(*neighbour));
  });
  if (error != 0) return fail("neighbours cannot be read: " + errno_text(error));
  return result;
}

std::vector<Neighbour> HostNetwork::read_neighbour_changes() {
  std::vector<Neighbour> result;
  const int error = monitor_.receive([&](const nlmsghdr& message) {
    if (auto neighbour = neighbour_in(message)) result.push_back(std::move(*neighbour));
  });
  if (error != ENOBUFS) return result;
  // What still waits is older than the dump and must not come after it.
  while (monitor_.receive([](const nlmsghdr&) {}) == ENOBUFS) {
  }
  log_notice("netlink: changes of neighbours were lost, all are read again");
  return dump_neighbours().value_or(std::move(result));
}

}  // namespace gate41::loop
