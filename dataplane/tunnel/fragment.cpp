#include "dataplane/tunnel/fragment.hpp"

#include <cstring>

#include "dataplane/tunnel/outer_header.hpp"

namespace gate41 {
namespace {

constexpr uint16_t kMoreFragments = 0x2000;
constexpr unsigned kOffsetUnit = 8;

Ipv4Header header_in(std::span<const uint8_t, sizeof(Ipv4Header)> ipv4) noexcept {
  Ipv4Header header;
  std::memcpy(&header, ipv4.data(), sizeof header);
  return header;
}

}  // namespace

bool has_dont_fragment(std::span<const uint8_t, sizeof(Ipv4Header)> ipv4) noexcept {
  return (header_in(ipv4).fragment.host() & kDontFragment) != 0;
}

void make_fragment_header(std::span<uint8_t, sizeof(Ipv4Header)> ipv4, const Piece& piece) noexcept {
  Ipv4Header header = header_in(ipv4);
  header.total_length = Be16(static_cast<uint16_t>(sizeof header + piece.length));
  header.fragment =
      Be16(static_cast<uint16_t>(piece.offset / kOffsetUnit | (piece.more ? kMoreFragments : 0U)));
  write_with_checksum(ipv4, header);
}

}  // namespace gate41
