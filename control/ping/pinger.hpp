// Pinger: the pings and traceroutes of several clients at once, each with an identifier of its own; finds
// whose an answer is. Sans-I/O: gives packets to be sent as this box's own, and events for the clients.
// Control thread only.
#pragma once

#include <map>
#include <memory>
#include <random>

#include "control/ping/ping.hpp"
#include "control/ping/trace.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::ping {

class Pinger {
 public:
  static constexpr std::size_t kMaxRuns = 8;
  using Id = uint64_t;
  struct Row {
    Id run = 0;
    Event event;
  };

  explicit Pinger(uint64_t seed) : random_(seed) {}

  // Refused, with a sentence, while kMaxRuns are under way.
  Result<Id> start(const PingSettings& settings, TimePoint now);
  Result<Id> start(const TraceSettings& settings, TimePoint now);
  // Its last event comes at once; nothing where it has come already.
  void end(Id run, TimePoint now);

  // An IPv6 packet for an address of ours. False: it answers none of these requests.
  bool on_packet(Bytes ipv6, TimePoint now);
  // A request that this box has dropped itself. `mtu`: 0 where it is not known or not the reason.
  bool on_dropped(Bytes ipv6, DropReason reason, uint16_t mtu, TimePoint now);
  void on_timer(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;

  [[nodiscard]] std::vector<std::vector<uint8_t>> take_packets();
  // After the last event of a run nothing is left of it.
  [[nodiscard]] std::vector<Row> take_rows();

 private:
  template <typename Kind, typename Settings>
  Result<Id> add(const Settings& settings, TimePoint now);
  [[nodiscard]] uint32_t free_token();

  std::mt19937_64 random_;
  std::map<Id, std::unique_ptr<Run>> runs_;
  Id last_ = 0;
};

}  // namespace gate41::ping
