// The link's own addresses and their duplicate address detection (RFC 4862 §5.4) with nonces against
// looped-back probes (RFC 7527). Each joins its solicited-node group before its first probe; unicast ones are
// announced once they are ready (RFC 4861 §7.2.6).
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "control/nd/context.hpp"
#include "control/nd/messages.hpp"
#include "control/nd/mld.hpp"

namespace gate41::nd {

enum class OwnState : uint8_t { waiting, probing, ready, duplicate };

struct OwnAddress {
  bool anycast = false;
  OwnState state = OwnState::waiting;
  unsigned probes_left = 1;
  unsigned announcements_left = kMaxAnnouncements;
  bool looped = false;  // a probe of ours came back
  // Waiting: the first probe; probing: the end of a probe's wait; ready: an announcement; duplicate: another
  // try.
  std::optional<TimePoint> due{};
  std::optional<MacAddress> taken_by{};  // of a duplicate
  std::vector<Nonce> nonces{};           // of the probes sent
  [[nodiscard]] bool is_tentative() const { return state == OwnState::waiting || state == OwnState::probing; }
};

class OwnAddresses {
 public:
  OwnAddresses(Context& context, Mld& mld) : context_(context), mld_(mld) {}

  void add(const Ipv6Address& address, bool anycast, TimePoint now);
  void remove(const Ipv6Address& address, TimePoint now);
  [[nodiscard]] const OwnAddress* find(const Ipv6Address& address) const;
  [[nodiscard]] bool is_own(const Ipv6Address& address) const;  // ready or tentative
  [[nodiscard]] bool is_ready(const Ipv6Address& address) const;
  // What we send from: the link-local address if it is ready, else any unicast one that is.
  [[nodiscard]] std::optional<Ipv6Address> source() const;
  // Link-local, or in the /64 of an own address: who may become a neighbour by his own word (CVE-2008-2476).
  [[nodiscard]] bool is_on_link(const Ipv6Address& address) const;

  // Another node's DAD probe of an address that is ours; false: an echo of our own, or the address is not in
  // use here: nothing to answer.
  [[nodiscard]] bool on_probe(const Ipv6Address& address, Bytes nonce, const MacAddress& sender,
                              TimePoint now);
  // Somebody advertises an address that is ours.
  void on_advertised(const Ipv6Address& address, const MacAddress& sender, TimePoint now);

  void on_timer(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;

 private:
  using Entry = std::map<Ipv6Address, OwnAddress>::value_type;

  void probe(Entry& entry, TimePoint now);
  void announce(Entry& entry, TimePoint now);
  void become_ready(Entry& entry, TimePoint now);
  void become_duplicate(Entry& entry, const MacAddress& other, TimePoint now);
  void on_echo(Entry& entry, TimePoint now);
  [[nodiscard]] Ipv6Address ready_link_local() const;

  Context& context_;
  Mld& mld_;
  std::map<Ipv6Address, OwnAddress> addresses_;
};

}  // namespace gate41::nd
