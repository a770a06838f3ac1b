// History: the prefixes that were advertised on each LAN, over restarts (RFC 9096 §3.5; P13, P24..P26): what
// is valid now, and what is withdrawn and must still be advertised with lifetime 0. Kept as text by the
// caller. Wall-clock time, seconds since 1970, as it survives a restart. Sans-I/O; control thread only.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dataplane/net/address.hpp"

namespace gate41::prefix {

// A withdrawn prefix is advertised for as long as it may have been valid (P26).
inline constexpr std::chrono::seconds kStaleFor{5400};

struct Entry {
  std::string lan;
  Ipv6Prefix prefix;
  int64_t stale_until = 0;  // 0: valid now
  bool operator==(const Entry&) const = default;
};

class History {
 public:
  History() = default;
  // What to_text() gave; lines that make no sense are left out.
  static History from_text(std::string_view text);
  [[nodiscard]] std::string to_text() const;

  // These are the prefixes of the LANs from now on: whatever else was valid becomes stale, what comes back is
  // valid again. Returns whether anything changed.
  bool set_current(const std::vector<Entry>& current, int64_t now);
  // Forgets what has been stale for long enough; returns whether anything changed.
  bool expire(int64_t now);

  // What each LAN still has to withdraw (P25).
  [[nodiscard]] std::vector<Entry> stale() const;
  // What no LAN has any more (P14): a prefix that has moved to another LAN is stale on the old one, but in
  // use.
  [[nodiscard]] std::vector<Ipv6Prefix> withdrawn() const;
  [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }

 private:
  std::vector<Entry> entries_;
};

}  // namespace gate41::prefix
