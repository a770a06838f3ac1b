// WanSearch: which of two links leads to the WAN, told by who answers DHCP there. Sans-I/O. It asks on both
// as the client would, so that a server holds for the client what it offers here, and takes no lease. Control
// thread only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "control/dhcp/client.hpp"
#include "control/dhcp/timing.hpp"
#include "dataplane/base/clock.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41::dhcp {

class WanSearch {
 public:
  static constexpr std::size_t kLinks = 2;
  // A link is silent when nothing has come for this long: some servers first look whether an address is free
  // (dnsmasq takes 3 s over it).
  static constexpr Duration kSlowServer = std::chrono::milliseconds(3500);

  // A DISCOVER, from 0.0.0.0 to the broadcast address.
  struct Question {
    std::size_t link = 0;
    std::vector<uint8_t> payload;
  };

  enum class Verdict : uint8_t { silence, one_answers, both_answer, found };

  // What the client would be on each link.
  WanSearch(std::array<Settings, kLinks> clients, uint64_t seed);

  void start(TimePoint now);
  // What was asked before may have gone nowhere.
  void on_link_up(TimePoint now);
  void on_packet(std::size_t link, Bytes payload, TimePoint now);  // UDP payload
  void on_timer(TimePoint now);
  [[nodiscard]] TimePoint next_deadline() const;
  [[nodiscard]] std::vector<Question> take_questions();

  // `one_answers`: the other may, too. `both_answer`: it asks on, until one of them falls silent.
  [[nodiscard]] Verdict verdict() const;
  [[nodiscard]] std::optional<std::size_t> wan() const { return wan_; }
  // The same, or the one that answers as long as the other does not.
  [[nodiscard]] std::optional<std::size_t> likely_wan() const;
  // `links`: what a person calls them.
  [[nodiscard]] std::string sentence(const std::array<std::string, kLinks>& links, TimePoint now) const;

 private:
  void ask(TimePoint now);
  void judge(TimePoint now);
  [[nodiscard]] std::size_t answers() const;
  [[nodiscard]] std::size_t first_answered() const;

  std::array<Settings, kLinks> clients_;
  Random random_;
  std::array<uint32_t, kLinks> xids_{};
  std::array<std::optional<Ipv4Address>, kLinks> servers_;  // that answered this try
  std::array<Ipv4Address, kLinks> both_servers_;            // that last answered together
  std::vector<Question> questions_;
  unsigned tries_ = 0;
  TimePoint judged_at_{};  // of this try: when silence means something
  TimePoint asks_again_{};
  bool both_ = false;
  std::optional<std::size_t> wan_;
};

}  // namespace gate41::dhcp
