#include "dataplane/tunnel/mss_clamp.hpp"

#include <cstring>

#include "dataplane/net/checksum.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41 {
namespace {

// RFC 9293 §3.2
constexpr uint8_t kEndOfOptions = 0;
constexpr uint8_t kNoOperation = 1;
constexpr uint8_t kMaximumSegmentSize = 2;
constexpr uint8_t kMssLength = 4;

uint16_t read_u16(std::span<uint8_t> bytes, std::size_t at) noexcept {
  Reader in(bytes);
  in.skip(at);
  return in.u16();
}

void write_u16(std::span<uint8_t> bytes, std::size_t at, uint16_t value) noexcept {
  const Be16 wire(value);
  std::memcpy(bytes.data() + at, &wire, sizeof wire);
}

// A value at an odd place stands in two words of the checksum, its halves exchanged (RFC 1071 §2 B).
uint16_t in_words(std::size_t at, uint16_t value) noexcept {
  return at % 2 == 0 ? value : static_cast<uint16_t>(value << 8U | value >> 8U);
}

void lower(std::span<uint8_t> tcp, std::size_t at, uint16_t mss) noexcept {
  const uint16_t wanted = read_u16(tcp, at);
  if (wanted <= mss) return;
  write_u16(tcp, at, mss);
  constexpr std::size_t kChecksum = offsetof(TcpHeader, checksum);
  write_u16(tcp, kChecksum,
            checksum_update(read_u16(tcp, kChecksum), in_words(at, wanted), in_words(at, mss)));
}

}  // namespace

void clamp_mss(std::span<uint8_t> tcp, uint16_t mss) noexcept {
  Reader in(tcp);
  in.skip(sizeof(TcpHeader));
  while (in.remaining() > 0) {
    const uint8_t kind = in.u8();
    if (kind == kEndOfOptions) return;
    if (kind == kNoOperation) continue;
    const std::size_t length = in.u8();
    if (length < 2 || length - 2 > in.remaining()) return;
    if (kind == kMaximumSegmentSize && length == kMssLength) lower(tcp, in.offset(), mss);
    in.skip(length - 2);
  }
}

}  // namespace gate41
