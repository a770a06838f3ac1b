// FragmentTable: which fragmented IPv6 packets were let through (K53). A first fragment carries the ports and
// is decided like a whole packet; when it passed, it is remembered here, and the later ones follow it. A
// later fragment whose first was not seen, or was dropped, does not pass. One worker's; both directions in
// one table.
#pragma once

#include <cstdint>

#include "dataplane/base/clock.hpp"
#include "dataplane/base/keyed_hash.hpp"
#include "dataplane/filter/expiring_set.hpp"
#include "dataplane/net/parsed_packet.hpp"

namespace gate41 {

inline constexpr Duration kFragmentLifetime = std::chrono::seconds(30);

class FragmentTable {
 public:
  explicit FragmentTable(std::size_t capacity = 1024, const HashSecret& secret = {})
      : passed_(capacity), secret_(secret) {}

  // A first fragment that has passed. Others are ignored.
  void remember(const ParsedPacket& packet, TimePoint now) noexcept;
  // A later fragment: has its first one passed? If not: filter_fragment. Keeps nothing alive.
  [[nodiscard]] bool lookup(const ParsedPacket& packet, TimePoint now) const noexcept;
  // Places in use, expired ones too.
  [[nodiscard]] std::size_t size() const noexcept { return passed_.size(); }

 private:
  struct Key {
    Ipv6Address source;
    Ipv6Address destination;
    uint32_t id = 0;
    bool operator==(const Key&) const = default;
  };
  [[nodiscard]] static Key key_of(const ParsedPacket& packet) noexcept;
  [[nodiscard]] uint64_t hash(const Key& key) const noexcept;

  ExpiringSet<Key> passed_;
  HashSecret secret_;
};

}  // namespace gate41
