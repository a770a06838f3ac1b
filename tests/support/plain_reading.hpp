// What PlainFrame says of a frame, and what the parser says of the same things: to be compared.
#pragma once

#include <optional>

#include "dataplane/net/parsed_packet.hpp"
#include "dataplane/net/plain_frame.hpp"

namespace gate41::testing {

struct PlainReading {
  MacAddress destination_mac;
  Layer3 layer3 = Layer3::none;
  Ipv4Address outer_source;
  Ipv4Address outer_destination;
  uint8_t tos = 0;
  uint16_t offset = 0;
  Ipv6Address source;
  Ipv6Address destination;
  uint8_t traffic_class = 0;
  uint8_t hop_limit = 0;
  uint16_t payload_length = 0;
  uint8_t protocol = 0;
  uint16_t source_port = 0;
  uint16_t destination_port = 0;
  Layer4Fields tcp;  // of TCP alone
  bool in_order = true;
  bool operator==(const PlainReading&) const = default;
};

template <bool tunnelled>
std::optional<PlainReading> read_plain_as(Bytes frame) {
  const PlainFrame<tunnelled> plain(frame);
  if (!plain) return std::nullopt;
  PlainReading reading{.destination_mac = plain.destination_mac(),
                       .layer3 = tunnelled ? Layer3::ipv4 : Layer3::ipv6,
                       .offset = plain_offset(tunnelled),
                       .source = plain.source(),
                       .destination = plain.destination(),
                       .traffic_class = plain.traffic_class(),
                       .hop_limit = plain.hop_limit(),
                       .payload_length = plain.payload_length(),
                       .protocol = plain.protocol(),
                       .source_port = plain.source_port(),
                       .destination_port = plain.destination_port()};
  if (tunnelled) {
    reading.outer_source = plain.outer_source();
    reading.outer_destination = plain.outer_destination();
    reading.tos = plain.outer_tos();
  }
  if (plain.protocol() == ip_proto::kTcp) plain.read_tcp(reading.tcp);
  return reading;
}

inline std::optional<PlainReading> read_plain(Bytes frame) {
  const uint16_t type = plain_ether_type(frame);
  if (type == ether_type::kIpv6) return read_plain_as<false>(frame);
  return type == ether_type::kIpv4 ? read_plain_as<true>(frame) : std::nullopt;
}

// The parser's word; what no plain frame has shows as a difference.
inline PlainReading plain_reading_of(const ParsedPacket& parsed) {
  return {.destination_mac = parsed.destination_mac,
          .layer3 = parsed.layer3,
          .outer_source = parsed.v4.source,
          .outer_destination = parsed.v4.destination,
          .tos = parsed.v4.tos,
          .offset = parsed.v6.offset,
          .source = parsed.v6.source,
          .destination = parsed.v6.destination,
          .traffic_class = parsed.v6.traffic_class,
          .hop_limit = parsed.v6.hop_limit,
          .payload_length = parsed.v6.payload_length,
          .protocol = parsed.flow_protocol(),
          .source_port = parsed.l4.source_port,
          .destination_port = parsed.l4.destination_port,
          .tcp = parsed.l4.protocol == ip_proto::kTcp ? parsed.l4 : Layer4Fields{},
          .in_order = parsed.ok() && parsed.inner_error == ParseError::none && parsed.has_v6 &&
                      parsed.ethernet_length == 14 && parsed.v6.fragment == FragmentState::none &&
                      !parsed.v4.is_fragment() && parsed.l4.present};
}

}  // namespace gate41::testing
