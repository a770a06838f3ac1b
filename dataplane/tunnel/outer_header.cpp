#include "dataplane/tunnel/outer_header.hpp"

#include <cstring>

#include "dataplane/net/checksum.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41 {
namespace {

constexpr uint8_t kVersion4Ihl5 = 0x45;

void write_ethernet(Writer& out, const OuterFields& fields) noexcept {
  out.write(fields.destination_mac);
  out.write(fields.source_mac);
  if (fields.vlan != 0) {
    out.u16(ether_type::kVlan);
    out.u16(fields.vlan);
  }
  out.u16(ether_type::kIpv4);
}

Ipv4Header outer_header(const OuterFields& fields) noexcept {
  Ipv4Header header{};
  header.version_ihl = kVersion4Ihl5;
  header.tos = fields.tos;
  header.fragment = Be16(fields.dont_fragment ? kDontFragment : uint16_t{0});
  header.ttl = fields.ttl;
  header.protocol = ip_proto::kIpv6;
  header.source = fields.source;
  header.destination = fields.destination;
  return header;
}

}  // namespace

std::size_t build_outer_template(std::span<uint8_t, kMaxTemplate> out, const OuterFields& fields) noexcept {
  Writer writer(out);
  write_ethernet(writer, fields);
  writer.write(outer_header(fields));
  return writer.size();
}

void patch_outer(std::span<uint8_t, 20> ipv4, const OuterPatch& patch) noexcept {
  Ipv4Header header;
  std::memcpy(&header, ipv4.data(), sizeof header);
  header.tos = patch.tos;
  header.total_length = Be16(static_cast<uint16_t>(patch.inner_length + sizeof(Ipv4Header)));
  header.id = Be16(patch.id);
  if (patch.dont_fragment) header.fragment = Be16(kDontFragment);
  if (patch.source) header.source = *patch.source;
  if (patch.destination) header.destination = *patch.destination;
  write_with_checksum(ipv4, header);
}

Ipv4Address outer_destination(std::span<const uint8_t, 20> ipv4) noexcept {
  Ipv4Header header;
  std::memcpy(&header, ipv4.data(), sizeof header);
  return header.destination;
}

void write_with_checksum(std::span<uint8_t, 20> ipv4, Ipv4Header header) noexcept {
  header.checksum = Be16(0);
  header.checksum = Be16(checksum_of(header));
  std::memcpy(ipv4.data(), &header, sizeof header);
}

uint8_t outer_tos(uint8_t inner_traffic_class, bool ecn_compatibility, bool dscp_copy,
                  uint8_t dscp) noexcept {
  const unsigned ecn = ecn_compatibility ? 0U : inner_traffic_class & 3U;
  const unsigned class_bits = dscp_copy ? inner_traffic_class & ~3U : unsigned{dscp} << 2U;
  return static_cast<uint8_t>(class_bits | ecn);
}

}  // namespace gate41
