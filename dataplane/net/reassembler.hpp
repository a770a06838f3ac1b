// Reassembler: puts fragments together (RFC 791 §3.2, RFC 8200 §4.5), for one worker: those of outer IPv4
// packets (RFC 4213 §3.6), and of IPv6 packets to the box itself. Bytes and time come in; a whole packet
// comes out, or the reason why fragments are given up. Bytes are copied to where they belong at once: no
// caller's buffer is kept, so a flood takes no packet buffers.
//
// A fixed number of places, in buckets chosen by a keyed hash of the source. A source has at most half of its
// bucket; when it wants more, its own oldest datagram goes, else the oldest of the bucket: a flood from one
// address leaves everybody else a place. A datagram whose fragments contradict each other is given up with
// all that is still to come of it (RFC 5722), until its time is over.
// One thread; nothing is allocated after construction, memory is touched only as fragments come.
#pragma once

#include <bitset>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "dataplane/base/clock.hpp"
#include "dataplane/base/drop_reason.hpp"
#include "dataplane/base/keyed_hash.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41 {

// From the first fragment to come, as Linux has it.
inline constexpr Duration kReassemblyTime = std::chrono::seconds(30);
// Bytes behind the IPv4 header: what one packet buffer takes beside a tagged Ethernet header and the longest
// IPv4 header. More than an IPv6 packet of 1500 bytes (D23, D24); not configurable (D25).
inline constexpr std::size_t kMaxReassembled = 1968;

// A fragment of either version (fragment.hpp).
struct Fragment {
  Ipv6Address source;  // IPv4: mapped
  Ipv6Address destination;
  uint32_t id = 0;
  uint16_t offset = 0;  // bytes
  bool more = false;
  uint8_t ecn = 0;
  Bytes header;  // in front of the payload, at most kMaxHeader; that of the first fragment is kept
  Bytes payload;
};
inline constexpr std::size_t kMaxHeader = 64;

class Reassembler {
 public:
  static constexpr std::size_t kWays = 32;                           // datagrams in a bucket
  static constexpr std::size_t kShare = kWays / 2;                   // of them, of one source
  static constexpr std::size_t kBuckets = 64;                        // 4 MiB of data
  static constexpr uint32_t kExpirySlice = 64;                       // places looked at by one expire()
  static constexpr Duration kExpiryRound = std::chrono::seconds(1);  // in which all are

  explicit Reassembler(const HashSecret& secret = {}, std::size_t buckets = kBuckets);

  // Fragments that were held and are so no longer.
  struct Lost {
    DropReason reason{};
    uint32_t fragments = 0;
  };
  enum class State : uint8_t {
    held,     // waits for the rest
    whole,    // `packet` is complete
    refused,  // dropped, for `reason`
  };
  struct Result {
    State state = State::held;
    DropReason reason{};
    std::span<uint8_t> packet;  // header as it came, payload; valid until the next call
    bool marked = false;        // a fragment was marked CE, and so is the packet (RFC 3168 §5.3)
    uint32_t parts = 0;         // of a whole packet, that had been held
    Lost lost;                  // given up because of this fragment
  };

  Result add(const Fragment& fragment, TimePoint now) noexcept;
  // Gives up what is over time: a slice of the places, as many as the time since the last call asks for.
  // Returns how many fragments that were (fragment_timeout).
  uint32_t expire(TimePoint now) noexcept;

  // Fragments held; places in use.
  [[nodiscard]] uint32_t held() const noexcept { return held_; }
  [[nodiscard]] std::size_t datagrams() const noexcept { return used_; }
  [[nodiscard]] std::size_t capacity() const noexcept { return places_.size(); }

 private:
  using Blocks = std::bitset<kMaxReassembled / 8>;  // of eight bytes
  struct Key {
    Ipv6Address source;
    Ipv6Address destination;
    uint32_t id = 0;
    bool operator==(const Key&) const = default;
  };
  // What a search reads, apart from the rest.
  struct Place {
    Key key;
    bool used = false;
    TimePoint expires;
  };
  struct Datagram {
    Blocks have;
    uint32_t fragments = 0;
    uint16_t end = 0;                    // of what has come
    uint16_t total = 0;                  // 0 until the last fragment has come
    uint8_t header_length = 0;           // of the first fragment's header
    uint8_t ecn_seen = 0;                // a bit for each of the four codepoints
    std::optional<DropReason> given_up;  // the place stays, to refuse the rest
  };
  [[nodiscard]] std::size_t bucket_of(const Ipv6Address& source) const noexcept;
  [[nodiscard]] std::size_t place_of(const Key& key, TimePoint now, Lost& lost) noexcept;
  [[nodiscard]] std::size_t place_for_new(std::size_t bucket, const Ipv6Address& source) const noexcept;
  [[nodiscard]] std::optional<DropReason> objection(std::size_t at, const Fragment& fragment) const noexcept;
  [[nodiscard]] bool contradicts(std::size_t at, const Fragment& fragment) const noexcept;
  void condemn(std::size_t at, DropReason reason, Lost& lost) noexcept;
  void store(std::size_t at, const Fragment& fragment) noexcept;
  [[nodiscard]] bool is_whole(std::size_t at) const noexcept;
  [[nodiscard]] std::span<uint8_t> finish(std::size_t at) noexcept;
  Lost give_up(std::size_t at, DropReason reason) noexcept;
  void free(std::size_t at) noexcept;
  [[nodiscard]] uint32_t places_due(TimePoint now) noexcept;
  [[nodiscard]] uint8_t* payload_of(std::size_t at) const noexcept;

  HashSecret secret_;
  std::vector<Place> places_;
  std::vector<Datagram> datagrams_;  // of the same places
  std::unique_ptr<uint8_t[]> data_;
  uint32_t held_ = 0;
  std::size_t used_ = 0;
  std::size_t hand_ = 0;
  TimePoint hand_time_{};
};

}  // namespace gate41
