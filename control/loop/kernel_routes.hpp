// KernelRoutes: the IPv6 routes that the kernel has by one interface, from what rtnetlink says of them (RFC
// 3549): messages in, changes of the best route of a prefix out. Sans-I/O; control thread.
//
// Taken: unicast routes of the main table by that interface, and those that say unreachable. Not taken: what
// the kernel makes itself or hears in router advertisements, our own, and anything in 2002::/16, which is the
// tunnel's alone (A14). Of several next hops (ECMP) the first is used.
#pragma once

#include <cstdint>
#include <linux/netlink.h>
#include <set>
#include <utility>
#include <vector>

#include "dataplane/net/address.hpp"
#include "dataplane/net/route_target.hpp"

namespace gate41::loop {

class KernelRoutes {
 public:
  // Next hops and metrics of one prefix; what is beyond is left out.
  static constexpr std::size_t kMaxAlternatives = 8;

  // Dumps that the table changed under, until what none of them has told counts as gone.
  static constexpr unsigned kMaxTries = 8;

  // `max_prefixes`: more are refused, and looked for again once there is room.
  KernelRoutes(uint32_t ifindex, std::size_t max_prefixes) : ifindex_(ifindex), max_prefixes_(max_prefixes) {}

  struct Change {
    Ipv6Prefix prefix;
    RouteTarget target;  // Kind::none: there is no route any more
    bool operator==(const Change&) const = default;
  };

  // All routes have to be told: at the start, after losses, when there is room for what was refused.
  [[nodiscard]] bool wants_dump() const;
  // `sequence`: of the dump that was asked for. What it does not tell again has gone at its end; but while
  // routes are removed the kernel may pass others over, so then it is asked for again first.
  void begin_dump(uint32_t sequence);
  void on_loss() { lost_ = true; }
  void on_message(const nlmsghdr& message);
  [[nodiscard]] std::vector<Change> take_changes() { return std::exchange(changes_, {}); }

  [[nodiscard]] std::size_t prefixes() const { return prefixes_; }
  [[nodiscard]] uint64_t refused() const { return refused_; }  // for want of room, since the start
  [[nodiscard]] bool complete() const { return !dumping_ && !lost_ && !again_ && !short_of_room_; }

 private:
  struct Entry {
    Ipv6Prefix prefix;
    uint32_t metric = 0;
    RouteTarget target;
    mutable uint64_t told = 0;  // the number of the dump that told of it last
    // The best of a prefix is its first.
    bool operator<(const Entry& other) const;
  };
  struct Message;

  void on_route(const nlmsghdr& message);
  void add(const Message& route);
  void remove(const Message& route);
  void insert(const Entry& entry);
  void end_dump(bool answered);
  void sweep();
  template <typename Action>
  void change(const Ipv6Prefix& prefix, const Action& action);
  [[nodiscard]] std::set<Entry>::const_iterator first_of(const Ipv6Prefix& prefix) const;
  [[nodiscard]] std::size_t alternatives(const Ipv6Prefix& prefix) const;
  [[nodiscard]] RouteTarget best(const Ipv6Prefix& prefix) const;
  template <typename Predicate>
  void erase_if(const Ipv6Prefix& prefix, const Predicate& predicate);

  uint32_t ifindex_;
  std::size_t max_prefixes_;
  std::set<Entry> entries_;
  std::size_t prefixes_ = 0;
  std::vector<Change> changes_;
  uint64_t refused_ = 0;
  uint64_t dump_ = 0;        // how many were begun
  uint64_t first_dump_ = 0;  // of those that together tell all
  uint32_t dump_sequence_ = 0;
  bool dumping_ = false;
  bool interrupted_ = false;  // the dump: the table changed under it
  bool again_ = false;        // the last dump was, and may have passed routes over
  bool lost_ = true;
  bool short_of_room_ = false;
};

}  // namespace gate41::loop
