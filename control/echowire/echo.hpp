// Echo requests of this box on the wire (probes of relays, pings, traceroutes), and what comes back about
// one: the reply, or an ICMPv6 error that quotes it (RFC 4443 §3, §4). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "dataplane/net/address.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41::echowire {

inline constexpr uint8_t kHopLimit = 64;
inline constexpr uint16_t kMaxSize = 1500 - 40 - 8;  // bytes of data: an Ethernet link's MTU less the headers

struct Request {
  Ipv6Address source;
  Ipv6Address destination;
  uint32_t token = 0;  // identifier and sequence, as one number
  uint16_t size = 0;   // bytes of data
  uint8_t hop_limit = kHopLimit;
};
[[nodiscard]] std::vector<uint8_t> build_request(const Request& request);

// What an error says, or that there is none (type 129).
struct Verdict {
  uint8_t type = 0;
  uint8_t code = 0;
  uint32_t parameter = 0;  // MTU of packet too big, pointer of parameter problem
  [[nodiscard]] bool is_reply() const;
  [[nodiscard]] bool is_hop_limit() const;            // it got as far as this router
  [[nodiscard]] std::optional<uint32_t> mtu() const;  // of packet too big
  [[nodiscard]] std::string to_string() const;        // "destination unreachable, no route"
};

struct Answer {
  Ipv6Address from;
  Ipv6Address own;                    // source of the request
  std::optional<Ipv6Address> target;  // destination of the request, where it is quoted
  uint32_t token = 0;
  Verdict verdict;
  uint16_t size = 0;      // replies: bytes of data
  uint8_t hop_limit = 0;  // left when it arrived
};
// Nothing unless the packet is whole and its checksum right.
[[nodiscard]] std::optional<Answer> read_answer(Bytes ipv6);

// A request of ours, as it comes back: from the packet path that has dropped it, or from a border relay.
// Nothing unless the packet is whole and its checksum right.
[[nodiscard]] std::optional<Request> read_request(Bytes ipv6);

}  // namespace gate41::echowire
