// The packet parser: frames, bare packets, and what ICMP errors quote. Whatever it says of lengths and
// offsets is inside the frame: no later stage looks again.
#include "dataplane/net/checksum.hpp"
#include "dataplane/net/parse.hpp"
#include "tests/fuzz/target.hpp"
#include "tests/support/plain_reading.hpp"

namespace gate41::fuzz {
namespace {

constexpr std::size_t kMaxFrame = 0xffff;  // offsets have 16 bits; no device has longer frames

void require_layer4_inside(const ParsedPacket& parsed, std::size_t size) {
  const Layer4Fields& l4 = parsed.l4;
  if (l4.quote_offset != 0) require(l4.quote_offset <= size);
  if (!l4.present) return;
  require(std::size_t{l4.offset} + l4.length <= size);
  require(l4.tcp_header_length <= l4.length);
}

void require_inside(const ParsedPacket& parsed, std::size_t size) {
  if (!parsed.ok()) return;
  if (parsed.layer3 == Layer3::ipv4) {
    require(parsed.v4.header_length >= 20);
    require(parsed.v4.header_length <= parsed.v4.total_length);
    require(std::size_t{parsed.v4.offset} + parsed.v4.total_length <= size);
  }
  if (parsed.has_v6 && parsed.inner_error == ParseError::none)
    require(std::size_t{parsed.v6.offset} + parsed.v6.total_length() <= size);
  if (parsed.inner_error == ParseError::none) require_layer4_inside(parsed, size);
}

// What an ICMP error quotes, in memory of its own length.
void parse_quotes(const ParsedPacket& parsed, Bytes packet) {
  const uint16_t at = parsed.l4.quote_offset;
  if (at == 0 || at > packet.size()) return;
  const std::vector<uint8_t> quote(packet.begin() + at, packet.end());
  (void)parse_quoted_ipv4(quote);
  (void)parse_quoted_ipv6(quote);
}

void parse_whole(const ParsedPacket& parsed, Bytes packet) {
  require_inside(parsed, packet.size());
  parse_quotes(parsed, packet);
}

// What is read of a plain frame is the same.
void read_as_plain(const ParsedPacket& parsed, Bytes frame) {
  if (const auto reading = testing::read_plain(frame)) require(*reading == testing::plain_reading_of(parsed));
}

// With the IPv4 header's checksum put right, which no mutation hits by chance.
void parse_mended(Bytes frame) {
  constexpr std::size_t kHeader = 14;
  if (frame.size() < kHeader + 20) return;
  std::vector<uint8_t> mended(frame.begin(), frame.end());
  const std::size_t length = (mended[kHeader] & 0xfU) * 4U;
  if (length < 20 || mended.size() < kHeader + length) return;
  mended[kHeader + 10] = mended[kHeader + 11] = 0;
  const uint16_t sum = checksum(Bytes(mended).subspan(kHeader, length));
  mended[kHeader + 10] = static_cast<uint8_t>(sum >> 8U);
  mended[kHeader + 11] = static_cast<uint8_t>(sum);
  parse_whole(parse_frame(mended), mended);
  read_as_plain(parse_frame(mended), mended);
}

}  // namespace
}  // namespace gate41::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace gate41;
  const Bytes bytes(data, size);
  if (size > fuzz::kMaxFrame) return 0;
  fuzz::parse_whole(parse_frame(bytes), bytes);
  fuzz::read_as_plain(parse_frame(bytes), bytes);
  fuzz::parse_mended(bytes);
  fuzz::parse_whole(parse_ipv6_packet(bytes), bytes);
  fuzz::parse_whole(parse_ipv4_packet(bytes), bytes);
  (void)parse_quoted_ipv4(bytes);
  (void)parse_quoted_ipv6(bytes);
  return 0;
}
