// Pinholes: who may open a flow from the tunnel, resolved for the prefixes that are valid now. Immutable,
// part of the policy. Only asked where no flow is known: an established packet does not see them.
//
// Ports are intervals, which may overlap: those of one host and protocol are a search tree over their first
// ports that knows the highest last port below each place. A question costs O(log n), plus the rules for just
// this port whose remote prefix does not hold.
#pragma once

#include <cstdint>
#include <vector>

#include "dataplane/net/address.hpp"

namespace gate41 {

struct InboundRule {
  Ipv6Address destination;
  uint8_t protocol = 0;     // ICMPv6: echo requests
  uint16_t port_first = 0;  // of protocols without ports: 0 in both
  uint16_t port_last = 0xffff;
  Ipv6Prefix from = kEveryIpv6;  // who may
};

// The first packet of a flow from outside.
struct InboundQuestion {
  Ipv6Address destination;
  Ipv6Address source;
  uint8_t protocol = 0;
  uint16_t port = 0;  // of protocols without ports, and of echo requests: 0
};

class Pinholes {
 public:
  Pinholes() = default;
  explicit Pinholes(std::vector<InboundRule> rules);

  struct Answer {
    const InboundRule* rule = nullptr;  // that lets it in; null: none does
    unsigned looked_at = 0;             // rules on the way to it
  };
  [[nodiscard]] Answer find(const InboundQuestion& question) const noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return rules_.size(); }

 private:
  [[nodiscard]] uint16_t measure(std::size_t begin, std::size_t end);
  [[nodiscard]] const InboundRule* search(std::size_t begin, std::size_t end, const InboundQuestion& question,
                                          unsigned& looked_at) const noexcept;

  std::vector<InboundRule> rules_;  // by destination, protocol, first port
  std::vector<uint16_t> reach_;     // highest last port of the subtree whose root this rule is
};

}  // namespace gate41
