#include "control/loop/kernel_routes.hpp"

#include <algorithm>
#include <cstring>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <tuple>
#include <utility>

#include "control/loop/netlink_socket.hpp"
#include "control/loop/route_protocols.hpp"

namespace gate41::loop {
namespace {

// Routes that no program asked for, or that are ours.
bool is_foreign_protocol(uint8_t protocol) {
  return protocol != RTPROT_KERNEL && protocol != RTPROT_RA && protocol != RTPROT_REDIRECT &&
         protocol != kRouteProtocol && protocol != kOfferProtocol;
}

bool is_routable(const Ipv6Prefix& prefix) {
  if (prefix.length >= kSixToFour.length && kSixToFour.contains(prefix.address)) return false;
  return !prefix.address.is_multicast() && !prefix.address.is_link_local();
}

RouteTarget target_by(const nlattr* gateway) {
  if (gateway == nullptr) return {RouteTarget::Kind::on_link, {}};
  return {RouteTarget::Kind::via, value_of<Ipv6Address>(gateway)};
}

const nlattr* gateway_in(NetlinkBytes attributes) {
  const nlattr* gateway = nullptr;
  for_each_attribute(attributes, [&](const nlattr& attribute) {
    if (type_of(attribute) == RTA_GATEWAY) gateway = &attribute;
  });
  return gateway;
}

// The next hops by this interface of a route with several (RTA_MULTIPATH).
void add_next_hops(const nlattr& multipath, uint32_t ifindex, std::vector<RouteTarget>& targets) {
  for_each_item(payload_of(multipath), &rtnexthop::rtnh_len, [&](const rtnexthop& hop) {
    if (static_cast<uint32_t>(hop.rtnh_ifindex) == ifindex)
      targets.push_back(target_by(gateway_in(bytes_behind(hop, hop.rtnh_len))));
  });
}

bool is_unreachable(uint8_t type) {
  return type == RTN_UNREACHABLE || type == RTN_BLACKHOLE || type == RTN_PROHIBIT;
}

std::vector<RouteTarget> targets_of(const rtmsg& header, const Attributes& attributes, uint32_t ifindex) {
  if (is_unreachable(header.rtm_type)) return {{RouteTarget::Kind::unreachable, {}}};
  std::vector<RouteTarget> targets;
  if (header.rtm_type != RTN_UNICAST) return targets;
  if (attributes[RTA_MULTIPATH] != nullptr)
    add_next_hops(*attributes[RTA_MULTIPATH], ifindex, targets);
  else if (value_of<uint32_t>(attributes[RTA_OIF]) == ifindex)
    targets.push_back(target_by(attributes[RTA_GATEWAY]));
  return targets;
}

bool is_of_main_table(const rtmsg& header, const Attributes& attributes) {
  return value_of<uint32_t>(attributes[RTA_TABLE], header.rtm_table) == RT_TABLE_MAIN;
}

}  // namespace

// A route as it came.
struct KernelRoutes::Message {
  Ipv6Prefix prefix;
  uint32_t metric = 0;
  bool replaces = false;
  std::vector<RouteTarget> targets;
};

bool KernelRoutes::Entry::operator<(const Entry& other) const {
  return std::tie(prefix.address, prefix.length, metric, target) <
         std::tie(other.prefix.address, other.prefix.length, other.metric, other.target);
}

bool KernelRoutes::wants_dump() const {
  if (dumping_) return false;
  return lost_ || again_ || (short_of_room_ && prefixes_ < max_prefixes_ - max_prefixes_ / 10);
}

void KernelRoutes::begin_dump(uint32_t sequence) {
  ++dump_;
  if (!again_) first_dump_ = dump_;
  dump_sequence_ = sequence;
  dumping_ = true;
  lost_ = again_ = interrupted_ = short_of_room_ = false;
}

void KernelRoutes::on_message(const nlmsghdr& message) {
  const bool of_dump = dumping_ && message.nlmsg_seq == dump_sequence_;
  if (of_dump && (message.nlmsg_flags & NLM_F_DUMP_INTR) != 0) interrupted_ = true;
  // The kernel goes on at a number of entries, and does not say that there are fewer before it now.
  if (dumping_ && message.nlmsg_type == RTM_DELROUTE) interrupted_ = true;
  if (message.nlmsg_type == RTM_NEWROUTE || message.nlmsg_type == RTM_DELROUTE)
    on_route(message);
  else if (of_dump && message.nlmsg_type == NLMSG_DONE)
    end_dump(true);
  else if (of_dump && message.nlmsg_type == NLMSG_ERROR)
    end_dump(false);
}

void KernelRoutes::on_route(const nlmsghdr& message) {
  const auto* told = header_of<rtmsg>(message);
  if (told == nullptr) return;
  const rtmsg& header = *told;
  if (header.rtm_family != AF_INET6 || header.rtm_dst_len > 128 || header.rtm_src_len != 0) return;
  if ((header.rtm_flags & RTM_F_CLONED) != 0 || !is_foreign_protocol(header.rtm_protocol)) return;
  const Attributes attributes = attributes_of(message, sizeof header);
  if (!is_of_main_table(header, attributes)) return;
  Message route;
  route.prefix = Ipv6Prefix::of(value_of<Ipv6Address>(attributes[RTA_DST]), header.rtm_dst_len);
  route.metric = value_of<uint32_t>(attributes[RTA_PRIORITY]);
  route.replaces = (message.nlmsg_flags & NLM_F_REPLACE) != 0;
  route.targets = targets_of(header, attributes, ifindex_);
  if (!is_routable(route.prefix)) return;
  if (message.nlmsg_type == RTM_NEWROUTE)
    add(route);
  else
    remove(route);
}

// One that replaces may take a route away from this interface: even without a target of ours it counts.
void KernelRoutes::add(const Message& route) {
  change(route.prefix, [&] {
    if (route.replaces)
      erase_if(route.prefix, [&](const Entry& entry) {
        return entry.metric == route.metric &&
               std::ranges::find(route.targets, entry.target) == route.targets.end();
      });
    for (const RouteTarget& target : route.targets) insert({route.prefix, route.metric, target, dump_});
  });
}

void KernelRoutes::remove(const Message& route) {
  change(route.prefix, [&] {
    erase_if(route.prefix, [&](const Entry& entry) {
      return entry.metric == route.metric &&
             std::ranges::find(route.targets, entry.target) != route.targets.end();
    });
  });
}

void KernelRoutes::insert(const Entry& entry) {
  if (const auto known = entries_.find(entry); known != entries_.end()) {
    known->told = dump_;
    return;
  }
  const std::size_t others = alternatives(entry.prefix);
  if (others >= kMaxAlternatives) return;
  if (others == 0 && prefixes_ >= max_prefixes_) {
    ++refused_;
    short_of_room_ = true;
    return;
  }
  if (others == 0) ++prefixes_;
  entries_.insert(entry);
}

void KernelRoutes::end_dump(bool answered) {
  dumping_ = false;
  if (!answered) lost_ = true;
  if (lost_) return;
  again_ = interrupted_ && dump_ - first_dump_ + 1 < kMaxTries;
  if (!again_) sweep();
}

void KernelRoutes::sweep() {
  std::vector<Ipv6Prefix> stale;
  for (const Entry& entry : entries_)
    if (entry.told < first_dump_ && (stale.empty() || stale.back() != entry.prefix))
      stale.push_back(entry.prefix);
  for (const Ipv6Prefix& prefix : stale)
    change(prefix, [&] { erase_if(prefix, [&](const Entry& entry) { return entry.told < first_dump_; }); });
}

template <typename Action>
void KernelRoutes::change(const Ipv6Prefix& prefix, const Action& action) {
  const RouteTarget before = best(prefix);
  action();
  const RouteTarget after = best(prefix);
  if (after != before) changes_.push_back({prefix, after});
}

std::set<KernelRoutes::Entry>::const_iterator KernelRoutes::first_of(const Ipv6Prefix& prefix) const {
  return entries_.lower_bound(Entry{prefix, 0, {}, 0});
}

std::size_t KernelRoutes::alternatives(const Ipv6Prefix& prefix) const {
  std::size_t count = 0;
  for (auto entry = first_of(prefix); entry != entries_.end() && entry->prefix == prefix; ++entry) ++count;
  return count;
}

RouteTarget KernelRoutes::best(const Ipv6Prefix& prefix) const {
  const auto first = first_of(prefix);
  return first != entries_.end() && first->prefix == prefix ? first->target : RouteTarget{};
}

template <typename Predicate>
void KernelRoutes::erase_if(const Ipv6Prefix& prefix, const Predicate& predicate) {
  const bool known = alternatives(prefix) > 0;
  for (auto entry = first_of(prefix); entry != entries_.end() && entry->prefix == prefix;)
    entry = predicate(*entry) ? entries_.erase(entry) : std::next(entry);
  if (known && alternatives(prefix) == 0) --prefixes_;
}

}  // namespace gate41::loop
