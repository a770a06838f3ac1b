// A client with a clock that the test moves, and a server that writes its answers by byte offsets of its own
// (RFC 5905 §7.3, figure 8).
#pragma once

#include <gtest/gtest.h>

#include "control/sntp/client.hpp"

namespace gate41::testing {

using sntp::State;
using sntp::WallTime;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;

inline const Ipv4Address kFirst = Ipv4Address::of(11, 0, 0, 1);
inline const Ipv4Address kSecond = Ipv4Address::of(11, 0, 0, 2);
// 2026-11-27 12:00:00 UTC: as seconds since 1970, and since 1900.
inline constexpr int64_t kUnix = 1'795'780'800;
inline constexpr uint64_t kNtp = 4'004'769'600;
inline const WallTime kTrue{seconds(kUnix)};

inline void put_u64(std::vector<uint8_t>& bytes, std::size_t at, uint64_t value) {
  for (std::size_t i = 0; i < 8; ++i) bytes[at + i] = static_cast<uint8_t>(value >> (56 - 8 * i));
}

// A server's answer to the last request, received and sent at `timestamp`.
inline std::vector<uint8_t> answer_to(const sntp::Send& asked, uint64_t timestamp = kNtp << 32U) {
  std::vector<uint8_t> bytes(48);
  bytes[0] = 0x24;  // leap 0, version 4, mode 4
  bytes[1] = 2;     // stratum
  std::copy_n(asked.packet.begin() + 40, 8, bytes.begin() + 24);
  put_u64(bytes, 32, timestamp);
  put_u64(bytes, 40, timestamp);
  return bytes;
}

struct Bench {
  sntp::Client client{41};
  TimePoint now = TimePoint(seconds(1000));
  WallTime wall = kTrue;
  std::vector<sntp::Send> asked;
  std::vector<sntp::Step> steps;

  void collect() {
    for (const sntp::Send& send : client.take_requests()) asked.push_back(send);
    if (const auto step = client.take_step()) steps.push_back(*step);
  }
  void name(std::optional<std::vector<Ipv4Address>> servers) {
    client.on_servers(std::move(servers), now);
    collect();
  }
  void pass(Duration time) {
    now += time;
    wall += time;
    client.on_timer(now);
    collect();
  }
  // To the next deadline: how long that took.
  Duration step() {
    const Duration wait = *client.next_deadline() - now;
    pass(wait);
    return wait;
  }
  void answer(const std::vector<uint8_t>& bytes) { answer_from(asked.back().server, bytes); }
  void answer_from(Ipv4Address source, const std::vector<uint8_t>& bytes) {
    client.on_packet(source, bytes, now, wall);
    collect();
  }
  [[nodiscard]] std::string sentence() const { return client.sentence(now); }
};

// One that has asked the first of its servers.
inline Bench asking(std::vector<Ipv4Address> servers = {kFirst}) {
  Bench bench;
  bench.name(std::move(servers));
  return bench;
}

// Its answer with some byte, or bytes, of another value.
inline std::vector<uint8_t> altered(const Bench& bench, std::size_t at, const std::vector<uint8_t>& values) {
  auto bytes = answer_to(bench.asked.back());
  std::ranges::copy(values, bytes.begin() + static_cast<std::ptrdiff_t>(at));
  return bytes;
}

}  // namespace gate41::testing
