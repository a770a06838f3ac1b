#include "dataplane/tunnel/outer_header.hpp"

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

// Two fields as they stand on the wire, side by side.
uint32_t word_of(uint16_t first, uint16_t second) noexcept { return uint32_t{second} << 16U | first; }

}  // namespace

std::size_t build_outer_template(std::span<uint8_t, kMaxTemplate> out, const OuterFields& fields) noexcept {
  Writer writer(out);
  write_ethernet(writer, fields);
  writer.write(outer_header(fields));
  return writer.size();
}

// Field by field, each read in its own width: the template has just been written here, and a load that is
// wider than the store before it would wait until that has reached the cache.
void patch_outer(std::span<uint8_t, 20> ipv4, const OuterPatch& patch) noexcept {
  uint8_t* at = ipv4.data();
  const Be16 length(static_cast<uint16_t>(patch.inner_length + sizeof(Ipv4Header)));
  const uint16_t fragment = patch.dont_fragment
                                ? Be16(kDontFragment).raw()
                                : load_unaligned<uint16_t>(at + offsetof(Ipv4Header, fragment));
  const uint32_t first = word_of(static_cast<uint16_t>(kVersion4Ihl5 | patch.tos << 8U), length.raw());
  const uint32_t second = word_of(Be16(patch.id).raw(), fragment);
  const auto third = load_unaligned<uint16_t>(at + offsetof(Ipv4Header, ttl));  // and the protocol
  const uint32_t source =
      patch.source ? patch.source->value.raw() : load_unaligned<uint32_t>(at + offsetof(Ipv4Header, source));
  const uint32_t destination = patch.destination
                                   ? patch.destination->value.raw()
                                   : load_unaligned<uint32_t>(at + offsetof(Ipv4Header, destination));
  const uint16_t checksum = checksum_fold(uint64_t{first} + second + third + source + destination);
  store_unaligned(at, first);
  store_unaligned(at + offsetof(Ipv4Header, id), second);
  store_unaligned(at + offsetof(Ipv4Header, ttl), word_of(third, static_cast<uint16_t>(~checksum)));
  store_unaligned(at + offsetof(Ipv4Header, source), source);
  store_unaligned(at + offsetof(Ipv4Header, destination), destination);
}

Ipv4Address outer_destination(std::span<const uint8_t, 20> ipv4) noexcept {
  return load_unaligned<Ipv4Header>(ipv4.data()).destination;
}

void write_with_checksum(std::span<uint8_t, 20> ipv4, Ipv4Header header) noexcept {
  header.checksum = Be16(0);
  header.checksum = Be16(checksum_of(header));
  store_unaligned(ipv4.data(), header);
}

uint8_t outer_tos(uint8_t inner_traffic_class, bool ecn_compatibility, bool dscp_copy,
                  uint8_t dscp) noexcept {
  const unsigned ecn = ecn_compatibility ? 0U : inner_traffic_class & 3U;
  const unsigned class_bits = dscp_copy ? inner_traffic_class & ~3U : unsigned{dscp} << 2U;
  return static_cast<uint8_t>(class_bits | ecn);
}

}  // namespace gate41
