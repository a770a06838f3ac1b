#include "dataplane/net/fragment.hpp"

#include <algorithm>

#include "dataplane/net/checksum.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41 {
namespace {

constexpr uint8_t kCe = 3;

Fragment cut_header(Fragment fragment, Bytes packet, std::size_t header_length) noexcept {
  fragment.header = packet.first(std::min(header_length, packet.size()));
  fragment.payload = packet.subspan(fragment.header.size());
  return fragment;
}

}  // namespace

Fragment fragment_of(const Ipv4Fields& v4, Bytes packet) noexcept {
  const auto ecn = static_cast<uint8_t>(v4.tos & 3U);
  return cut_header(
      {mapped(v4.source), mapped(v4.destination), v4.id, v4.fragment_offset, v4.more_fragments, ecn, {}, {}},
      packet, v4.header_length);
}

Fragment fragment_of(const Ipv6Fields& v6, Bytes packet) noexcept {
  const auto ecn = static_cast<uint8_t>(v6.traffic_class & 3U);
  return cut_header(
      {v6.source, v6.destination, v6.fragment_id, v6.fragment_offset, v6.more_fragments, ecn, {}, {}}, packet,
      sizeof(Ipv6Header) + sizeof(FragmentHeader));
}

std::span<uint8_t> make_whole_ipv4(std::span<uint8_t> packet, bool marked) noexcept {
  auto header = Reader(packet).read<Ipv4Header>();
  header.total_length = Be16(static_cast<uint16_t>(packet.size()));
  header.fragment = Be16(0);
  if (marked) header.tos = static_cast<uint8_t>(header.tos | kCe);
  header.checksum = Be16(0);
  Writer(packet).write(header);
  header.checksum = Be16(checksum(Reader(packet).bytes((header.version_ihl & 0xfU) * 4U)));
  Writer(packet).write(header);
  return packet;
}

// The fragment header goes; the IPv6 header moves to its end.
std::span<uint8_t> make_whole_ipv6(std::span<uint8_t> packet, bool marked) noexcept {
  Reader in(packet);
  auto header = in.read<Ipv6Header>();
  header.next_header = in.read<FragmentHeader>().next_header;
  header.payload_length = Be16(static_cast<uint16_t>(in.remaining()));
  if (marked) header.version_class_flow = Be32(header.version_class_flow.host() | uint32_t{kCe} << 20U);
  const std::span<uint8_t> whole = packet.subspan(std::min(sizeof(FragmentHeader), packet.size()));
  Writer(whole).write(header);
  return whole;
}

}  // namespace gate41
