// Router advertisements of one LAN (RFC 4861 §6.2, 4191, 8106, 9096): schedule, contents, answers to RS, final RAs,
// watch on other routers. Sans-I/O; control thread only.
// Rows H1..H23, H29, H30, H38, P3, P5, P10..P14, P20..P26, X17, X19, X25, X29.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "dataplane/base/clock.hpp"
#include "dataplane/net/address.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41::ra {

enum class Preference : uint8_t { low, medium, high };
enum class WhenOthers : uint8_t { hold, send };

struct Settings {
  MacAddress mac;
  Ipv6Address link_local;
  std::chrono::seconds max_interval{600};
  Preference preference = Preference::low;
  WhenOthers when_others = WhenOthers::hold;
  bool default_route = true;  // false: router lifetime 0, RIO only (X29)
  uint16_t mtu = 1280;        // MTU option = tunnel MTU (H7)
  uint16_t link_mtu = 1500;   // RAs longer than this are split (H17)
  std::vector<Ipv6Address> rdnss;
  std::vector<std::string> dnssl;
};

// A prefix on this link. `valid_until` is bounded by the lease (P20); TimePoint::max() = no bound.
struct Prefix {
  Ipv6Prefix prefix;
  TimePoint valid_until = TimePoint::max();
};

// What the rest of the gateway knows, set as a whole at each change; a change sends up to 3 prompt RAs (H19).
struct Content {
  std::vector<Prefix> prefixes;         // PIO A=1 L=1: preferred min(rest, 2700 s), valid min(rest, 5400 s) (P22)
  std::vector<Ipv6Prefix> routes;       // RIO: the delegated prefixes (P10)
  bool default_router = false;          // a live relay and a prefix (P3, P5, P11)
};

// A withdrawn prefix: advertised with valid 0 and preferred 0 until `until` (P25, P26).
struct StalePrefix {
  Ipv6Prefix prefix;
  TimePoint until;
};

enum class State : uint8_t { stopped, listening, held, advertising, stopping };

// ---- outputs ----
struct SendFrame { std::vector<uint8_t> frame; };  // complete Ethernet frame, untagged
struct SolicitedBy { Ipv6Address source; MacAddress sllao; MacAddress ether_source; };  // for nd (H15)
struct OtherRouter { Ipv6Address address; std::string difference; };  // H30 event
using Output = std::variant<SendFrame, SolicitedBy, OtherRouter>;

struct OtherRouterInfo {
  Ipv6Address address;
  MacAddress mac;
  bool is_default = false;
  TimePoint expires;
  std::vector<Ipv6Prefix> prefixes;
};

class Advertiser {
 public:
  Advertiser(Settings settings, uint64_t seed);

  // Listens and solicits for a few seconds first (H30, S84), then advertises or holds.
  void start(TimePoint now);
  // Final RA(s), router lifetime 0; `deprecate` also withdraws prefixes and RDNSS (X25). Further ones by on_timer
  // until state() is stopped.
  void stop(unsigned final_ras, bool deprecate, TimePoint now);
  void set_content(Content content, TimePoint now);
  // Prefixes that were valid and are no longer: added here by set_content's caller, also from disk at start.
  void add_stale(StalePrefix stale, TimePoint now);
  void update_settings(Settings settings, TimePoint now);  // reload
  // An RS or RA frame: the whole Ethernet frame without VLAN tag. Validates it itself (H11, RFC 4861 §6.1).
  void on_frame(Bytes frame, TimePoint now);
  void on_timer(TimePoint now);

  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  [[nodiscard]] std::vector<Output> take_outputs();
  [[nodiscard]] State state() const;
  [[nodiscard]] const std::vector<StalePrefix>& stale() const;
  [[nodiscard]] std::vector<OtherRouterInfo> other_routers() const;
  [[nodiscard]] uint64_t sent() const;
  [[nodiscard]] uint64_t invalid() const;
  [[nodiscard]] std::string sentence(const std::string& lan, TimePoint now) const;
  // The effective RA as lines of text for `gate41 ra`.
  [[nodiscard]] std::vector<std::string> describe(TimePoint now) const;

 private:
  // (the implementer's)
};

[[nodiscard]] const char* name_of(State state);

}  // namespace gate41::ra
