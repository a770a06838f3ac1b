#include "tests/unit/garbage/mutator.hpp"

#include <algorithm>
#include <array>

namespace gate41::testing {
namespace {

constexpr std::size_t kHeaders = 120;  // where the headers of all layers are
constexpr std::size_t kMaxFrame = 1900;
constexpr std::size_t kIp = 14;
constexpr std::size_t kInner = 34;

void put_u16(Frame& frame, std::size_t at, std::size_t value) {
  if (at + 2 > frame.size()) return;
  frame[at] = static_cast<uint8_t>(value >> 8U);
  frame[at + 1] = static_cast<uint8_t>(value);
}

// RFC 1071 over the outer header, so that most mutations get past its check.
void mend_ipv4_checksum(Frame& frame) {
  if (frame.size() < kIp + 20 || frame[12] != 8 || frame[13] != 0) return;
  const std::size_t length = (frame[kIp] & 0xfU) * 4U;
  if (length < 20 || frame.size() < kIp + length) return;
  put_u16(frame, kIp + 10, 0);
  uint32_t sum = 0;
  for (std::size_t i = kIp; i < kIp + length; i += 2) sum += uint32_t{frame[i]} << 8U | frame[i + 1];
  while (sum > 0xffff) sum = (sum & 0xffffU) + (sum >> 16U);
  put_u16(frame, kIp + 10, ~sum & 0xffffU);
}

}  // namespace

Frame Mutator::mutate(Frame frame) {
  if (below(50) == 0) {
    frame.resize(below(200));
    std::ranges::generate(frame, [&] { return byte(); });
    return frame;
  }
  for (std::size_t left = below(4); left > 0; --left) mutate_once(frame);
  if (frame.size() > kMaxFrame) frame.resize(kMaxFrame);
  if (below(4) != 0) mend_ipv4_checksum(frame);
  return frame;
}

void Mutator::mutate_once(Frame& frame) {
  if (frame.empty()) return;
  switch (below(8)) {
    case 0:
      return set_byte(frame);
    case 1:
      return set_word(frame);
    case 2:
      return set_length_field(frame);
    case 3:
      return set_next_header(frame);
    case 4:
      return insert_extension(frame);
    case 5:
      return repeat_part(frame);
    default:
      return resize(frame);
  }
}

void Mutator::set_byte(Frame& frame) { frame[below(std::min(frame.size(), kHeaders))] = byte(); }

void Mutator::set_word(Frame& frame) {
  constexpr std::array<std::size_t, 10> kValues = {0, 1, 7, 8, 19, 20, 39, 40, 0x7fff, 0xffff};
  put_u16(frame, below(std::min(frame.size(), kHeaders)), kValues[below(kValues.size())]);
}

// Total length, payload length of a bare and of an inner packet; IHL; the first extension's length; UDP's.
void Mutator::set_length_field(Frame& frame) {
  constexpr std::array<std::size_t, 5> kWords = {kIp + 2, kIp + 4, kInner + 4, kIp + 44, kInner + 44};
  constexpr std::array<std::size_t, 4> kBytes = {kIp, kInner, kIp + 41, kInner + 41};
  if (below(2) == 0)
    return put_u16(frame, kWords[below(kWords.size())], frame.size() - std::min(frame.size(), below(90)));
  const std::size_t at = kBytes[below(kBytes.size())];
  if (at < frame.size()) frame[at] = byte();
}

void Mutator::set_next_header(Frame& frame) {
  constexpr std::array<uint8_t, 16> kProtocols = {0,  1,  4,  6,  17, 33, 41,  43,
                                                  44, 50, 51, 58, 59, 60, 132, 135};
  constexpr std::array<std::size_t, 5> kPlaces = {kIp + 6, kIp + 9, kInner + 6, kIp + 40, kInner + 40};
  const std::size_t at = kPlaces[below(kPlaces.size())];
  if (at < frame.size()) frame[at] = kProtocols[below(kProtocols.size())];
}

// Behind a bare or an inner IPv6 header, right or wrong in its own length.
void Mutator::insert_extension(Frame& frame) {
  constexpr std::array<uint8_t, 6> kExtensions = {0, 43, 44, 51, 60, 135};
  const std::size_t header = below(2) == 0 ? kIp : kInner;
  if (frame.size() < header + 40) return;
  Frame extension(8 * (1 + below(4)));
  std::ranges::generate(extension, [&] { return byte(); });
  extension[0] = frame[header + 6];
  if (below(3) != 0) extension[1] = static_cast<uint8_t>(extension.size() / 8 - 1);
  frame[header + 6] = kExtensions[below(kExtensions.size())];
  frame.insert(frame.begin() + static_cast<std::ptrdiff_t>(header + 40), extension.begin(), extension.end());
  if (below(3) != 0) put_u16(frame, header + 4, frame.size() - header - 40);
}

void Mutator::resize(Frame& frame) {
  if (below(3) == 0)
    frame.resize(frame.size() + below(64));
  else
    frame.resize(below(frame.size() + 1));
}

void Mutator::repeat_part(Frame& frame) {
  const std::size_t from = below(frame.size());
  const std::size_t length = below(frame.size() - from + 1);
  const Frame part(frame.begin() + static_cast<std::ptrdiff_t>(from),
                   frame.begin() + static_cast<std::ptrdiff_t>(from + length));
  frame.insert(frame.begin() + static_cast<std::ptrdiff_t>(below(frame.size() + 1)), part.begin(),
               part.end());
}

}  // namespace gate41::testing
