#include "tests/unit/nd/frames.hpp"

#include <algorithm>

namespace gate41::testing {
namespace {

void append(Frame& to, const Ipv6Address& address) {
  to.insert(to.end(), address.bytes.begin(), address.bytes.end());
}

Frame nd(uint8_t type, const Nd& fields) {
  Frame body;
  append(body, fields.target);
  body.insert(body.end(), fields.options.begin(), fields.options.end());
  return PacketBuilder()
      .ethernet(fields.ether_destination, fields.ether_source)
      .ipv6(fields.source, fields.destination)
      .hop_limit(fields.hop_limit)
      .icmpv6(type, fields.code, fields.flags)
      .payload(body)
      .build();
}

// RFC 2464 §7, of ff02::16 and the like.
MacAddress group_mac(const Ipv6Address& group) {
  return MacAddress{{0x33, 0x33, group.bytes[12], group.bytes[13], group.bytes[14], group.bytes[15]}};
}

struct MldHead {
  MacAddress ether_source;
  Ipv6Address source;
  Ipv6Address destination;
  uint8_t hop_limit = 1;
  bool router_alert = true;
};

Frame mld(const MldHead& head, uint8_t type, uint32_t rest, const Frame& body) {
  PacketBuilder packet;
  packet.ethernet(group_mac(head.destination), head.ether_source)
      .ipv6(head.source, head.destination)
      .hop_limit(head.hop_limit);
  // RFC 2711: option 5 of length 2, value 0; PadN of two bytes.
  if (head.router_alert) packet.hop_by_hop(8).set_u32(2, 0x05020000).set_u16(6, 0x0100);
  return packet.icmpv6(type, 0, rest).payload(body).build();
}

}  // namespace

Frame lladdr_option(uint8_t type, const MacAddress& mac) {
  Frame option{type, 1};
  option.insert(option.end(), mac.bytes.begin(), mac.bytes.end());
  return option;
}

Frame solicitation(const Nd& fields) { return nd(135, fields); }
Frame advertisement(const Nd& fields) { return nd(136, fields); }

Frame mld_report(const MacAddress& from, const Ipv6Address& source,
                 std::initializer_list<MldRecord> records) {
  Frame body;
  for (const MldRecord& record : records) {
    body.insert(body.end(), {record.type, 0, 0, 0});
    append(body, record.group);
  }
  return mld({from, source, ip6("ff02::16")}, 143, static_cast<uint32_t>(records.size()), body);
}

Frame mld_query(const MldQuery& query) {
  Frame body;
  append(body, query.group);
  if (query.version == 2) body.insert(body.end(), {2, 125, 0, 0});
  const Ipv6Address destination = query.group.is_unspecified() ? ip6("ff02::1") : query.group;
  return mld({query.ether_source, query.source, destination, query.hop_limit, query.router_alert}, 130,
             uint32_t{query.max_response} << 16U, body);
}

Frame mld_v1(uint8_t type, const MacAddress& from, const Ipv6Address& source, const Ipv6Address& destination,
             const Ipv6Address& group) {
  Frame body;
  append(body, group);
  return mld({from, source, destination}, type, 0, body);
}

uint8_t icmp_type(const Frame& frame) {
  constexpr std::size_t kNextHeader = 14 + 6;
  return frame.at(frame.at(kNextHeader) == 0 ? 14 + 40 + 8 : 14 + 40);
}

MacAddress ether_destination(const Frame& frame) {
  MacAddress mac;
  std::copy_n(frame.begin(), 6, mac.bytes.begin());
  return mac;
}

}  // namespace gate41::testing
