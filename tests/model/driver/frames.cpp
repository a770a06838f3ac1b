#include "tests/model/driver/frames.hpp"

#include "tests/model/driver/segments.hpp"
#include "tests/unit/worker/site.hpp"

namespace gate41::model {
namespace {

using testing::Frame;
using testing::PacketBuilder;

constexpr std::size_t kMarkAt = 3;        // in the IPv6 header
constexpr std::size_t kDataOfOthers = 8;  // bytes behind the headers of all but TCP

Ipv6Address numbered(const char* prefix, uint8_t number) {
  Ipv6Address address = testing::ip6(prefix);
  address.bytes[15] = static_cast<uint8_t>(address.bytes[15] + number);
  return address;
}

std::vector<uint8_t> scale_option(uint8_t scale) { return {1, 3, 3, scale}; }

void add_tcp(PacketBuilder& builder, const Headers& headers, const TcpFields& tcp) {
  testing::TcpFields fields;
  fields.flags = tcp.flags;
  fields.sequence = tcp.sequence;
  fields.acknowledgement = tcp.acknowledgement;
  fields.window = tcp.window;
  if (tcp.scale) fields.options = scale_option(*tcp.scale);
  builder.tcp(headers.source_port, headers.destination_port, fields).payload(tcp.length);
}

void add_upper_layer(PacketBuilder& builder, const Packet& packet) {
  const Headers& headers = packet.headers;
  const uint16_t source = headers.source_port;
  const uint16_t destination = headers.destination_port;
  switch (headers.protocol) {
    case protocol::tcp:
      return add_tcp(builder, headers, packet.tcp);
    case protocol::udp:
      builder.udp(source, destination).payload(kDataOfOthers);
      return;
    case protocol::udp_lite:
      builder.udp_lite(source, destination).payload(kDataOfOthers);
      return;
    case protocol::sctp:
      builder.next_header(protocol::sctp).payload(bytes_of(packet.sctp, source, destination));
      return;
    case protocol::dccp:
      builder.next_header(protocol::dccp).payload(bytes_of(packet.dccp, source, destination));
      return;
    case protocol::ah:
      builder.ah().udp(53, 53).payload(kDataOfOthers);
      return;
    case protocol::hip:
      builder.extension(protocol::hip, 5 * kDataOfOthers);
      return;
    case protocol::icmpv6:
      builder.icmpv6(headers.icmp.type, headers.icmp.code, uint32_t{headers.icmp.id} << 16U)
          .payload(kDataOfOthers);
      return;
    default:
      builder.next_header(headers.protocol).payload(2 * kDataOfOthers);
  }
}

void add_fragment_header(PacketBuilder& builder, const Headers& headers) {
  if (headers.part != Part::whole) builder.fragment(headers.offset, headers.more, headers.fragment);
}

// The first fragment as long as it says.
void add_first_piece(PacketBuilder& builder, const Packet& packet) {
  const std::size_t before = builder.build().size();
  add_upper_layer(builder, packet);
  builder.payload(packet.headers.length - (builder.build().size() - before));
}

// The bytes that tell what flow a packet is of.
std::size_t bytes_of_ports(uint8_t number) { return number == protocol::icmpv6 ? 6 : 4; }

Frame quote_of(const Quote& quote) {
  Packet packet;
  packet.headers = quote.headers;
  packet.tcp.flags = flag::ack;
  const Headers& headers = quote.headers;
  PacketBuilder builder;
  builder.ipv6(address_of(headers.source), address_of(headers.destination));
  add_fragment_header(builder, headers);
  if (headers.part == Part::later)
    builder.next_header(headers.protocol).payload(2 * kDataOfOthers);
  else
    add_upper_layer(builder, packet);
  Frame bytes = builder.build();
  const std::size_t upper = headers.part == Part::whole ? 40 : 48;
  if (quote.cut == Cut::behind_ports) bytes.resize(upper + bytes_of_ports(headers.protocol));
  if (quote.cut == Cut::before_ports) bytes.resize(upper + 2);
  if (quote.cut == Cut::within_header) bytes.resize(30);
  return bytes;
}

PacketBuilder ethernet_of(const Packet& packet, Direction direction) {
  if (direction == Direction::outbound) return testing::GatewaySite::from_host();
  const bool site = packet.headers.source.place == Place::site;
  return testing::GatewaySite::from_wan(site ? testing::kSiteV4 : testing::kRelayV4);
}

}  // namespace

Ipv6Address address_of(const Host& host) {
  switch (host.place) {
    case Place::lan:
      return numbered("2002:b00:2:1::10", host.number);
    case Place::net:
      return numbered("2600:41::80", host.number);
    case Place::site:
      return numbered("2002:b00:363:1::5", host.number);
    case Place::withdrawn:
      return numbered("2002:b00:9:1::5", host.number);
    case Place::elsewhere:
      return numbered("2600:42::5", host.number);
    case Place::unique_local:
      return numbered("fd00::5", host.number);
    case Place::multicast:
      return numbered("ff0e::5", host.number);
  }
  return {};
}

Ipv6Prefix prefix_of(const Prefix& prefix) {
  // More than the hosts' numbers differ in: all of the place.
  const bool all = prefix.free_bits >= 8;
  const int length = !all ? 128 - prefix.free_bits : prefix.host.place == Place::site ? 48 : 32;
  return Ipv6Prefix::of(address_of(prefix.host), static_cast<uint8_t>(length));
}

Frame frame_of(const Packet& packet, Direction direction, uint8_t mark) {
  const Headers& headers = packet.headers;
  PacketBuilder builder = ethernet_of(packet, direction);
  builder.ipv6(address_of(headers.source), address_of(headers.destination)).set_u8(kMarkAt, mark);
  if (packet.options) builder.hop_by_hop().destination_options();
  add_fragment_header(builder, headers);
  if (headers.part == Part::later)
    builder.next_header(headers.protocol).payload(headers.length);
  else if (headers.part == Part::first)
    add_first_piece(builder, packet);
  else if (packet.quote)
    builder.icmpv6(headers.icmp.type, headers.icmp.code).payload(quote_of(*packet.quote));
  else
    add_upper_layer(builder, packet);
  return builder.build();
}

}  // namespace gate41::model
