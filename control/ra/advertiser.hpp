// Router advertisements of one LAN (RFC 4861 §6.2, 4191, 8106, 9096): schedule, contents, answers to RS,
// final RAs, watch on other routers. Sans-I/O; control thread only. Rows H1..H23, H29, H30, H38, P3, P5,
// P10..P14, P20..P26, X17, X19, X25, X29.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "control/ra/content.hpp"
#include "control/ra/other_routers.hpp"
#include "control/ra/schedule.hpp"
#include "control/ra/withdrawals.hpp"
#include "dataplane/base/clock.hpp"
#include "dataplane/net/address.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41::ra {

// held: another default router is there (when_others hold). An advertiser that stands back first says a final
// word, and goes on to withdraw stale prefixes.
enum class State : uint8_t { stopped, listening, held, advertising, stopping };

// ---- outputs ----
struct SendFrame {
  std::vector<uint8_t> frame;
};  // complete Ethernet frame, untagged
struct SolicitedBy {
  Ipv6Address source;
  MacAddress sllao;
  MacAddress ether_source;
};  // for nd (H15)
struct OtherRouter {
  Ipv6Address address;
  std::string difference;
};  // H30 event
using Output = std::variant<SendFrame, SolicitedBy, OtherRouter>;

class Advertiser {
 public:
  Advertiser(Settings settings, uint64_t seed);

  // Listens and solicits for a second or more first (H30, S84), then advertises or holds.
  void start(TimePoint now);
  // Whether our link-local address, which advertisements come from, may be used: listening goes on until
  // then.
  void set_address_ready(bool ready) { address_ready_ = ready; }
  // Final RA(s), router lifetime 0; `deprecate` also withdraws prefixes and RDNSS (X25). The first is among
  // the outputs at once, further ones follow by on_timer until state() is stopped.
  void stop(unsigned final_ras, bool deprecate, TimePoint now);
  // Changes go out by the next on_timer, which next_deadline() then asks for: several in a turn make one RA.
  void set_content(Content content, TimePoint now);
  // Prefixes that were valid and are no longer: added here by set_content's caller, also from disk at start.
  // One that comes back with set_content is stale no longer.
  void add_stale(StalePrefix stale, TimePoint now);
  void update_settings(Settings settings, TimePoint now);  // reload
  // An RS or RA frame: the whole Ethernet frame without VLAN tag. Validates it itself (H11, RFC 4861 §6.1);
  // frames of other types are ignored.
  void on_frame(Bytes frame, TimePoint now);
  void on_timer(TimePoint now);

  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  [[nodiscard]] std::vector<Output> take_outputs();
  [[nodiscard]] State state() const { return state_; }
  [[nodiscard]] const std::vector<StalePrefix>& stale() const { return stale_; }
  [[nodiscard]] std::vector<OtherRouterInfo> other_routers() const { return others_.list(); }
  [[nodiscard]] uint64_t sent() const { return sent_; }
  [[nodiscard]] uint64_t invalid() const { return invalid_; }
  [[nodiscard]] std::string sentence(const std::string& lan, TimePoint now) const;
  // The effective RA as lines of text for `gate41 ra`.
  [[nodiscard]] std::vector<std::string> describe(TimePoint now) const;

 private:
  void enter_listening(TimePoint now);
  void enter_advertising(TimePoint now);
  void enter_held(TimePoint now);
  void enter_stopped();

  void on_solicitation(const ndwire::Received& received, TimePoint now);
  void on_advertisement(const ndwire::Received& received, TimePoint now);
  void watch_others(TimePoint now);
  void listen(TimePoint now);
  void advertise(TimePoint now);
  void withdraw(TimePoint now);
  void say_goodbye(TimePoint now);
  void announce(unsigned count, TimePoint now);
  void refresh();
  void forget_old(TimePoint now);
  void send(const Advertisement& advertisement, const Host& to);
  [[nodiscard]] bool has_something_to_say() const;
  [[nodiscard]] bool must_hold() const;
  [[nodiscard]] Advertisement current(TimePoint now) const;
  [[nodiscard]] Host self() const { return {settings_.link_local, settings_.mac}; }
  [[nodiscard]] std::string advertising_sentence(const std::string& lan, TimePoint now) const;

  // The RAs with which an advertiser goes away, be it for ever or because it stands back.
  struct Goodbye {
    unsigned left = 0;
    bool deprecate = false;
    TimePoint due;
  };

  Settings settings_;
  Content content_;
  std::vector<StalePrefix> stale_;
  Withdrawn withdrawn_;
  OtherRouters others_;
  Schedule schedule_;
  State state_ = State::stopped;
  TimePoint refresh_due_;  // an extended lease is to be known to hosts by then
  bool spoken_ = false;    // hosts have heard of us since we began to advertise
  unsigned solicitations_left_ = 0;
  TimePoint next_solicitation_;
  TimePoint listen_until_;
  bool address_ready_ = false;
  Goodbye goodbye_;
  uint64_t sent_ = 0;
  uint64_t invalid_ = 0;
  std::vector<Output> outputs_;
};

[[nodiscard]] const char* name_of(State state);

}  // namespace gate41::ra
