// Policy: what the filter decides new flows by. Part of the immutable snapshot.
#pragma once

#include <cstdint>

#include "dataplane/filter/flow_key.hpp"
#include "dataplane/filter/pinholes.hpp"

namespace gate41 {

class EndpointTable;

// What comes in unasked, beside pinholes (X5):
//   strict           nothing
//   simple_security  IPsec, HIP, IKE (RFC 6092 REC-21..26), and echo requests within a rate (X7)
//   transparent      whatever could open a flow from inside (REC-49)
enum class Profile : uint8_t { strict, simple_security, transparent };

// Seconds without a packet that end a flow; the defaults are K51's.
struct Timeouts {
  uint32_t tcp_established = 7440;
  uint32_t tcp_transitory = 240;
  uint32_t udp = 300;
  uint32_t udp_well_known = 120;
  uint32_t icmpv6_echo = 60;
  uint32_t generic = 300;
  uint32_t sctp_established = 7440;
  uint32_t sctp_transitory = 240;
  uint32_t dccp_established = 7440;
  uint32_t dccp_transitory = 480;
};

struct Policy {
  uint32_t epoch = 1;  // moves only when known flows must be decided again
  Profile profile = Profile::strict;
  bool allow_echo = false;            // X7: unsolicited echo requests from the tunnel
  bool endpoint_independent = false;  // K11, K17, K33: an endpoint that the interior has used is open to all
  Timeouts timeouts;
  uint32_t host_flows = UINT32_MAX;  // that one LAN host may hold at one worker (host_shares.hpp)
  Pinholes inbound;
};

// May this flow be opened from outside? How a packet has to begin one (a SYN, ...) is filter.hpp's business.
// `endpoints`: of the flows that the interior has opened; nullptr where none are known.
[[nodiscard]] bool opens_inbound(const FlowKey& key, const Policy& policy,
                                 const EndpointTable* endpoints) noexcept;

// An echo request comes in within a rate: nothing but the profile lets it in.
[[nodiscard]] bool is_rated_echo(const FlowKey& key, const Policy& policy) noexcept;

}  // namespace gate41
