// The packets of NTP, version 4 (RFC 5905 §7.3), as far as SNTP needs them (RFC 4330 §4). Bytes come from the
// network: every read is bounded.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>

#include "dataplane/base/clock.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41::sntp {

using WallTime = std::chrono::sys_time<Duration>;

inline constexpr std::size_t kPacketBytes = 48;
inline constexpr uint8_t kVersion = 4;
inline constexpr uint8_t kServer = 4;   // mode
inline constexpr uint8_t kUnknown = 3;  // leap: the server's clock is not set

// What a server says.
struct Answer {
  uint8_t leap = 0;
  uint8_t version = 0;
  uint8_t mode = 0;
  uint8_t stratum = 0;                 // 0: a kiss of death
  std::array<uint8_t, 4> reference{};  // then its code
  Duration root_distance{};            // root delay / 2 + root dispersion
  uint64_t originate = 0;              // what the request had as its transmit timestamp
  uint64_t receive = 0;                // timestamps, as on the wire
  uint64_t transmit = 0;
};

// `mark` comes back as the answer's originate: drawn at random it tells who has not seen the request, and
// tells nobody our clock.
[[nodiscard]] std::array<uint8_t, kPacketBytes> request(uint64_t mark);
// nullopt: too short. Extension fields and authentication are not looked at.
[[nodiscard]] std::optional<Answer> read_answer(Bytes payload);

// From 1968 to 2104 (RFC 4330 §3).
[[nodiscard]] WallTime wall_time(uint64_t timestamp);

}  // namespace gate41::sntp
