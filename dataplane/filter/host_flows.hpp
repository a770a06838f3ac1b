// HostFlows: the small table of flows that this box itself opened (S61, S62, S64), IPv4 and IPv6 (IPv4 as
// mapped addresses): DNS, HTTP, probes. Fixed size, no allocation after construction; when it is full, the
// one that would expire first gives way (among eight, expiring_set.hpp). The first worker, through which all
// that this box sends goes, writes; all workers may ask, so that nobody hands over what floods our own
// addresses.
#pragma once

#include <cstdint>
#include <optional>

#include "dataplane/base/clock.hpp"
#include "dataplane/base/keyed_hash.hpp"
#include "dataplane/filter/expiring_set.hpp"
#include "dataplane/net/parsed_packet.hpp"

namespace gate41 {

class HostFlows {
 public:
  explicit HostFlows(std::size_t capacity = 1024, const HashSecret& secret = {})
      : flows_(capacity), secret_(secret) {}
  // The first worker. A packet that this box sends: opens or refreshes (TCP 7440 s established / 240 s,
  // others 60 s). ICMP errors and echo replies of ours open nothing.
  void on_sent(const ParsedPacket& packet, TimePoint now) noexcept;
  // Any worker. A packet to an own address: an answer to one of ours, or an ICMP error that quotes one of
  // ours? `quote`: the parsed quote for ICMP errors, else nullptr.
  [[nodiscard]] bool expects(const ParsedPacket& packet, const ParsedPacket* quote,
                             TimePoint now) const noexcept;
  // A packet of ours that has come back (E19).
  [[nodiscard]] bool has_sent(const ParsedPacket& packet, TimePoint now) const noexcept;
  // Places in use, expired ones too.
  [[nodiscard]] std::size_t size() const noexcept { return flows_.size(); }

 private:
  struct Key {
    Ipv6Address own;
    Ipv6Address peer;
    uint16_t own_port = 0;
    uint16_t peer_port = 0;
    uint8_t protocol = 0;
    bool operator==(const Key&) const = default;
  };
  // The flow of a packet that this box has sent, or nullopt when its ports are not known. An IPv6 echo has no
  // peer: an anycast address is answered for by another one (RFC 4443 §2.2), and the identifier is ours.
  static std::optional<Key> key_of_sent(const ParsedPacket& packet) noexcept;
  static std::optional<Key> key_of_answered(const ParsedPacket& packet) noexcept;
  [[nodiscard]] uint64_t hash(const Key& key) const noexcept;
  [[nodiscard]] bool knows(const Key& key, TimePoint now) const noexcept;

  ExpiringSet<Key> flows_;
  HashSecret secret_;
};

}  // namespace gate41
