// Message: an ICMPv6 message of the link (ND, MLD) as it is built, and the whole Ethernet frame that carries
// it, or the IPv6 packet alone where the link is a tunnel. The frame is untagged, never fragmented (RFC
// 6980), and its lengths and checksum are filled in. Source: RFC 4861 §4, RFC 2464 §4 and §7, RFC 2711
// (router alert).
#pragma once

#include <cstdint>
#include <vector>

#include "dataplane/net/address.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41::ndwire {

inline constexpr uint8_t kNdHopLimit = 255;
inline constexpr uint8_t kMldHopLimit = 1;

// Who sends to whom, and where the frame goes.
struct Envelope {
  MacAddress ether_source;
  MacAddress ether_destination;  // of a multicast group: multicast_mac(destination)
  Ipv6Address source;
  Ipv6Address destination;
  uint8_t hop_limit = kNdHopLimit;
  bool router_alert = false;  // a hop-by-hop header with the MLD router alert
};

// Of an advertisement (RFC 4861 §4.4): its first byte after the checksum.
namespace advertisement_flag {
inline constexpr uint8_t kRouter = 0x80;
inline constexpr uint8_t kSolicited = 0x40;
inline constexpr uint8_t kOverride = 0x20;
}  // namespace advertisement_flag

class Message {
 public:
  // Type, code 0, and room for the checksum.
  explicit Message(uint8_t type);

  Message& u8(uint8_t value);
  Message& u16(uint16_t value);
  Message& u32(uint32_t value);
  Message& bytes(Bytes value);
  Message& address(const Ipv6Address& value) { return bytes(value.bytes); }

  // An option: type, length in units of 8 bytes, `data`, zeros up to the unit. Type and length are two bytes,
  // `data` begins at the third. At most 2038 bytes of data.
  Message& option(uint8_t type, Bytes data);
  // Source or target link-layer address option.
  Message& lladdr(uint8_t type, const MacAddress& mac) { return option(type, mac.bytes); }

  // Bytes so far, the ICMPv6 header among them: what counts against the link's MTU besides 40 of IPv6.
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }
  [[nodiscard]] std::vector<uint8_t> frame(const Envelope& envelope) const;
  // The IPv6 packet without Ethernet, of ND's hop limit.
  [[nodiscard]] std::vector<uint8_t> packet(const Ipv6Address& source, const Ipv6Address& destination) const;

 private:
  void write_ipv6(Writer& writer, const Envelope& envelope) const;
  std::vector<uint8_t> bytes_;
};

}  // namespace gate41::ndwire
