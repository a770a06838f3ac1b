// FragmentTable: which fragmented IPv6 packets were let through (K53). A first fragment carries the ports and
// is decided like a whole packet; when it passed, it is remembered here, and the later ones follow it, each
// byte once (RFC 5722). A later fragment whose first was not seen, or was dropped, does not pass. One
// worker's; both directions in one table, of fixed size: the newest push out those that have not long to live
// anyway.
#pragma once

#include <cstdint>
#include <optional>

#include "dataplane/base/clock.hpp"
#include "dataplane/base/drop_reason.hpp"
#include "dataplane/base/keyed_hash.hpp"
#include "dataplane/filter/expiring_map.hpp"
#include "dataplane/filter/fragment_ranges.hpp"
#include "dataplane/net/parsed_packet.hpp"

namespace gate41 {

inline constexpr Duration kFragmentLifetime = std::chrono::seconds(30);

// What is wrong with a fragment by itself (RFC 8200 §4.5): empty, or not the last and no multiple of eight
// bytes long: fragment_malformed; ends past the longest packet: fragment_too_long.
[[nodiscard]] std::optional<DropReason> fragment_fault(const Ipv6Fields& v6) noexcept;

class FragmentTable {
 public:
  explicit FragmentTable(std::size_t capacity = 1024, const HashSecret& secret = {})
      : passed_(capacity), secret_(secret) {}

  // A first fragment without fault, before its flow is asked, for what is dropped must not move that: its
  // packet is known already, and here is why it does not pass; else nullopt.
  [[nodiscard]] std::optional<DropReason> refuse_again(const ParsedPacket& first, TimePoint now) noexcept;
  // A fragment without fault: nullopt, and its bytes have passed, or why it may not pass. `first` ones come
  // here once the filter has let them pass; others find out whether their first one has (if not:
  // filter_fragment). Nothing lives longer than kFragmentLifetime from its first fragment on.
  [[nodiscard]] std::optional<DropReason> pass(const ParsedPacket& fragment, TimePoint now) noexcept;
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

  ExpiringMap<Key, FragmentRanges> passed_;
  HashSecret secret_;
};

}  // namespace gate41
