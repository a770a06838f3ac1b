// HostFlows: the small table of flows that this box itself opened (S61, S62, S64), IPv4 and IPv6 (IPv4 as mapped
// addresses): DHCP, DNS, HTTP, probes. Fixed size, per worker, no allocation after construction; the oldest goes when full.
#pragma once

#include <cstdint>
#include <vector>

#include "dataplane/base/clock.hpp"
#include "dataplane/net/parsed_packet.hpp"

namespace gate41 {

class HostFlows {
 public:
  explicit HostFlows(std::size_t capacity = 1024);
  // A packet that this box sends: opens or refreshes (TCP 7440 s established / 240 s, others 60 s).
  void on_sent(const ParsedPacket& packet, TimePoint now) noexcept;
  // A packet to an own address: an answer to one of ours, or an ICMP error that quotes one of ours?
  // `quote`: the parsed quote for ICMP errors, else nullptr.
  [[nodiscard]] bool expects(const ParsedPacket& packet, const ParsedPacket* quote, TimePoint now) noexcept;
  [[nodiscard]] std::size_t size() const noexcept;

 private:
  struct Flow {
    Ipv6Address own;
    Ipv6Address peer;
    uint16_t own_port = 0;
    uint16_t peer_port = 0;
    uint8_t protocol = 0;
    uint32_t expires = 0;  // coarse seconds; 0 = free
  };
  std::vector<Flow> flows_;
};

}  // namespace gate41
