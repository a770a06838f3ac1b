// A client with a clock that the test moves, and everything it said in order.
#pragma once

#include <gtest/gtest.h>

#include "tests/unit/dhcp/scripted_server.hpp"

namespace gate41::testing {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

inline dhcp::Settings usual_settings() { return {kClientMac, kClientId, "gate", false}; }

struct Site {
  dhcp::Client client;
  TimePoint now = TimePoint(seconds(1000));
  std::vector<Asked> asked;
  std::vector<dhcp::Lease> gained, updated;
  std::vector<std::string> lost;
  bool stuck = false;  // a timer that did not move its deadline ahead

  explicit Site(uint64_t seed = 1, dhcp::Settings settings = usual_settings())
      : client(std::move(settings), seed) {}

  void take(const dhcp::SendMessage& m) { asked.emplace_back(m, now); }
  void take(const dhcp::LeaseGained& e) { gained.push_back(e.lease); }
  void take(const dhcp::LeaseUpdated& e) { updated.push_back(e.lease); }
  void take(const dhcp::LeaseLost& e) { lost.push_back(e.reason); }
  void collect() {
    for (const auto& output : client.take_outputs()) std::visit([&](const auto& o) { take(o); }, output);
  }

  void start(std::optional<dhcp::StoredLease> stored = std::nullopt) {
    client.start(now, stored);
    collect();
  }
  void receive(const Octets& payload) {
    client.on_packet(payload, now);
    collect();
  }
  void receive(const Answer& answer) { receive(answer.bytes()); }
  void conflict() {
    client.on_conflict(now);
    collect();
  }
  void resume() {
    client.on_resume(now);
    collect();
  }
  void stop(bool release) {
    client.stop(now, release);
    collect();
  }

  // One deadline on.
  void step() {
    now = *client.next_deadline();
    client.on_timer(now);
    collect();
    const auto next = client.next_deadline();
    stuck = stuck || (next && *next <= now);
  }
  // All deadlines up to `then`, with nobody answering.
  void run_until(TimePoint then) {
    while (!stuck && client.next_deadline() && *client.next_deadline() <= then) step();
    now = then;
  }
  void run_for(Duration time) { run_until(now + time); }

  [[nodiscard]] const Asked& last() const { return asked.back(); }
  void offer(uint32_t lease_seconds = 3600) { receive(answer_to(last(), kOffer, lease_seconds)); }
  // From the open DISCOVER to a lease.
  void bind(uint32_t lease_seconds = 3600) {
    offer(lease_seconds);
    receive(answer_to(last(), kAck, lease_seconds));
  }
  // Silence until the state; false when it does not come within ten years.
  bool run_to(dhcp::State state) {
    const TimePoint end = now + hours(24 * 3650);
    while (client.state() != state && client.next_deadline() && now < end) step();
    return client.state() == state;
  }
};

// Started and bound.
inline Site bound_site(uint32_t lease_seconds = 3600, uint64_t seed = 1) {
  Site site(seed);
  site.start();
  site.bind(lease_seconds);
  return site;
}

}  // namespace gate41::testing
