// Stamp: what the generator writes at the start of each UDP payload, to know its packets again. 18 bytes, the
// payload of the smallest frame (84 bytes with its check sequence, RFC 8219 §5.1).
#pragma once

#include <cstdint>
#include <optional>

#include "dataplane/net/byte_order.hpp"
#include "dataplane/net/cursor.hpp"
#include "perf/generator/flows.hpp"

namespace gate41::generator {

struct Stamp {
  uint16_t run = 0;         // of whatever was sent before, nothing is counted any more
  Side origin = Side::lan;  // who sent it; an echo keeps this
  uint32_t sequence = 0;
  uint64_t cycles = 0;  // time stamp counter when it was sent
};

struct WireStamp {
  Be16 magic;
  uint8_t version = 1;
  uint8_t origin = 0;
  Be16 run;
  Be32 sequence;
  Be64 cycles;
};
static_assert(sizeof(WireStamp) == 18);

inline constexpr uint16_t kStampMagic = 0x6734;

[[nodiscard]] inline WireStamp to_wire(const Stamp& stamp) noexcept {
  return {Be16(kStampMagic), 1, static_cast<uint8_t>(stamp.origin), Be16(stamp.run), Be32(stamp.sequence),
          Be64(stamp.cycles)};
}

// The stamp at the start of a UDP payload; nothing if there is none.
[[nodiscard]] inline std::optional<Stamp> read_stamp(Bytes payload) noexcept {
  Reader reader(payload);
  const auto wire = reader.read<WireStamp>();
  if (reader.failed() || wire.magic != Be16(kStampMagic) || wire.version != 1 || wire.origin > 1) return {};
  return Stamp{wire.run.host(), static_cast<Side>(wire.origin), wire.sequence.host(), wire.cycles.host()};
}

}  // namespace gate41::generator
