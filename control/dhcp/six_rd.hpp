// The 6rd option, 212 (RFC 5969 §7.1.1): four values of the provider's 6rd domain, from bytes that any DHCP
// server may have sent. Pure functions and values.
#pragma once

#include <cstdint>
#include <vector>

#include "dataplane/base/result.hpp"
#include "dataplane/net/address.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41::dhcp {

struct SixRd {
  uint8_t ipv4_mask_len = 0;  // 0..32: so many leading bits all IPv4 addresses of the domain share
  Ipv6Prefix prefix;          // of the domain; with the other IPv4 bits it is 64 bits long at most
  std::vector<Ipv4Address> border_relays;  // at least one, in the option's order

  bool operator==(const SixRd&) const = default;
};

// What option 212, its pieces joined, says to the host with the address `own`. The error says what is wrong
// with it; an option is right as a whole or not at all.
[[nodiscard]] Result<SixRd> read_six_rd(Bytes value, Ipv4Address own);

}  // namespace gate41::dhcp
