#include "tests/support/ipv4_fragments.hpp"

#include <cstdlib>

namespace gate41::testing {
namespace {

std::size_t header_length(const Packet4& packet) { return (packet.at(0) & 0xfU) * 4U; }

void put(Packet4& packet, std::size_t at, std::size_t value) {
  packet.at(at) = static_cast<uint8_t>(value >> 8U);
  packet.at(at + 1) = static_cast<uint8_t>(value);
}

// RFC 1071, word by word.
void mend_checksum(Packet4& packet) {
  put(packet, 10, 0);
  uint32_t sum = 0;
  for (std::size_t i = 0; i < header_length(packet); i += 2)
    sum += static_cast<uint32_t>(packet.at(i) << 8U) + packet.at(i + 1);
  while (sum > 0xffff) sum = (sum & 0xffffU) + (sum >> 16U);
  put(packet, 10, ~sum & 0xffffU);
}

}  // namespace

Packet4 ipv4_fragment(const Packet4& whole, std::size_t offset, std::size_t length, bool more) {
  const auto header = static_cast<std::ptrdiff_t>(header_length(whole));
  const auto from = header + static_cast<std::ptrdiff_t>(offset);
  if (offset % 8 != 0) std::abort();
  Packet4 fragment(whole.begin(), whole.begin() + header);
  fragment.insert(fragment.end(), whole.begin() + from,
                  whole.begin() + from + static_cast<std::ptrdiff_t>(length));
  put(fragment, 2, fragment.size());
  put(fragment, 6, (more ? 0x2000U : 0U) | offset / 8);
  mend_checksum(fragment);
  return fragment;
}

std::vector<Packet4> ipv4_fragments(const Packet4& whole, std::vector<std::size_t> cuts) {
  const std::size_t end = whole.size() - header_length(whole);
  std::vector<Packet4> fragments;
  std::size_t from = 0;
  cuts.push_back(end);
  for (const std::size_t to : cuts) {
    fragments.push_back(ipv4_fragment(whole, from, to - from, to != end));
    from = to;
  }
  return fragments;
}

Packet4 with_tos(Packet4 packet, uint8_t tos) {
  packet.at(1) = tos;
  mend_checksum(packet);
  return packet;
}

}  // namespace gate41::testing
