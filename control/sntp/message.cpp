#include "control/sntp/message.hpp"

#include <algorithm>

namespace gate41::sntp {
namespace {

constexpr uint8_t kClient = 3;
constexpr std::size_t kTransmitAt = 40;
constexpr int64_t kSecondsTo1970 = 2'208'988'800;  // from 1900
constexpr int64_t kEra = int64_t{1} << 32U;
constexpr uint64_t kNanoseconds = 1'000'000'000;

uint64_t u64(Reader& reader) {
  const uint64_t high = reader.u32();
  return high << 32U | reader.u32();
}

// Seconds and fractions of 16 bits each.
Duration short_time(uint32_t value) {
  return Duration(static_cast<int64_t>((uint64_t{value} * kNanoseconds) >> 16U));
}

}  // namespace

std::array<uint8_t, kPacketBytes> request(uint64_t mark) {
  std::array<uint8_t, kPacketBytes> packet{};
  Writer writer(packet);
  writer.u8(kVersion << 3U | kClient);
  writer.zeros(kTransmitAt - 1);
  writer.u32(static_cast<uint32_t>(mark >> 32U));
  writer.u32(static_cast<uint32_t>(mark));
  return packet;
}

std::optional<Answer> read_answer(Bytes payload) {
  Reader reader(payload);
  Answer answer;
  const uint8_t first = reader.u8();
  answer.leap = static_cast<uint8_t>(first >> 6U);
  answer.version = first >> 3U & 7U;
  answer.mode = first & 7U;
  answer.stratum = reader.u8();
  reader.skip(2);  // poll, precision
  const Duration root_delay = short_time(reader.u32());
  answer.root_distance = root_delay / 2 + short_time(reader.u32());
  answer.reference = reader.read<std::array<uint8_t, 4>>();
  reader.skip(8);  // when its clock was set last
  answer.originate = u64(reader);
  answer.receive = u64(reader);
  answer.transmit = u64(reader);
  if (reader.failed()) return std::nullopt;
  return answer;
}

WallTime wall_time(uint64_t timestamp) {
  auto seconds = static_cast<int64_t>(timestamp >> 32U) - kSecondsTo1970;
  if (timestamp >> 63U == 0) seconds += kEra;
  const uint64_t fraction = timestamp & 0xffffffffU;
  return WallTime(std::chrono::seconds(seconds) +
                  Duration(static_cast<int64_t>(fraction * kNanoseconds >> 32U)));
}

}  // namespace gate41::sntp
