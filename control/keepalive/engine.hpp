// Keep-alive engine (S26): decides when a tunnel's targets are sent a packet, so that a firewall or NAT in
// front, which forgets its protocol 41 state for them, does not. The packet itself is a probe
// (relay/probe.hpp), which the daemon builds; no answer is waited for. Sans-I/O; control thread only. Time: a
// target is due an interval (10 % more or less, drawn each time, so that many routers do not beat in time)
// after the last packet that is known to have gone to it. That may have been one of the user's, to the live
// relay, or a probe: then the keep-alive is suppressed until an interval after that.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "dataplane/base/clock.hpp"
#include "dataplane/net/address.hpp"

namespace gate41::keepalive {

struct Settings {
  Ipv4Address local;  // outer source of the packets
  Ipv6Address own;    // inner source
  std::vector<Ipv4Address> targets;
  std::chrono::milliseconds interval{30000};
  bool operator==(const Settings&) const = default;
};

// Identifier and sequence of the echo request, as one number, drawn at random.
struct Send {
  Ipv4Address target;
  uint32_t token;
};

struct TargetInfo {
  Ipv4Address address;
  uint64_t sent = 0;
  uint64_t suppressed = 0;  // due, but something else had gone there
};

class Engine {
 public:
  explicit Engine(uint64_t seed) : random_(seed) {}
  // Targets that stay keep counters, and their time too while the source is the same: to the firewall another
  // source is another flow, and a packet for it is due at once, as for a new target.
  void configure(Settings settings, TimePoint now);
  void stop();
  // A look at the data path, about once a second. `live`: the relay or peer that users' packets go to now,
  // `packets`: how many have gone by the relay or peer so far.
  void on_traffic(std::optional<Ipv4Address> live, uint64_t packets, TimePoint now);
  // Health has probed this address.
  void on_probe(Ipv4Address target, TimePoint now);
  void on_timer(TimePoint now);
  // Whether it is that of the last packet to some target.
  [[nodiscard]] bool knows(uint32_t token) const;

  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  [[nodiscard]] std::vector<Send> take_outputs();
  [[nodiscard]] std::vector<TargetInfo> targets() const;

 private:
  struct Target {
    TargetInfo info;
    TimePoint next;
    std::optional<TimePoint> busy;  // when something else went there, since the last keep-alive
    std::optional<uint32_t> token;  // of the last keep-alive
  };
  struct Look {
    TimePoint time;
    std::optional<Ipv4Address> live;
    uint64_t packets;
  };

  [[nodiscard]] Target adopt(Ipv4Address address, bool same_source, TimePoint now);
  void send(Target& target, TimePoint now);
  void mark_busy(Ipv4Address address, TimePoint when);
  [[nodiscard]] Duration drawn(double least, double most);

  Settings settings_;
  std::mt19937_64 random_;
  std::vector<Target> targets_;
  std::optional<Look> look_;
  std::vector<Send> outputs_;
};

}  // namespace gate41::keepalive
