// PlainFrame: what most frames are, read at fixed offsets: untagged Ethernet, IPv6 with TCP (no SYN) or UDP
// directly behind it, bare or in an IPv4 packet of protocol 41 without options or fragments. It says of a
// frame what parse_frame() says (parse.hpp), in a tenth of the instructions, or that it is none. A view: what
// is not asked for is not read.
#pragma once

#include <cstddef>

#include "dataplane/net/checksum.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/net/parsed_packet.hpp"

namespace gate41 {

// Of the IPv6 header in a plain frame.
[[nodiscard]] constexpr uint16_t plain_offset(bool tunnelled) noexcept {
  return static_cast<uint16_t>(sizeof(EthernetHeader) + (tunnelled ? sizeof(Ipv4Header) : 0));
}

// `tunnelled`: in protocol 41. Valid as long as the frame's bytes are.
template <bool tunnelled>
class PlainFrame {
 public:
  // `type`: the frame's EtherType is ours to look for. Afterwards: is it plain, and everything right with it?
  explicit PlainFrame(Bytes frame) noexcept : start_(frame.data()), is_plain_(reads(frame.size())) {}
  explicit operator bool() const noexcept { return is_plain_; }

  [[nodiscard]] MacAddress destination_mac() const noexcept { return at<MacAddress>(0); }
  // Of a tunnelled one.
  [[nodiscard]] uint8_t outer_tos() const noexcept { return outer<uint8_t>(offsetof(Ipv4Header, tos)); }
  [[nodiscard]] Ipv4Address outer_source() const noexcept {
    return outer<Ipv4Address>(offsetof(Ipv4Header, source));
  }
  [[nodiscard]] Ipv4Address outer_destination() const noexcept {
    return outer<Ipv4Address>(offsetof(Ipv4Header, destination));
  }
  [[nodiscard]] Ipv6Address source() const noexcept {
    return at<Ipv6Address>(kIpv6 + offsetof(Ipv6Header, source));
  }
  [[nodiscard]] Ipv6Address destination() const noexcept {
    return at<Ipv6Address>(kIpv6 + offsetof(Ipv6Header, destination));
  }
  [[nodiscard]] uint8_t traffic_class() const noexcept {
    return static_cast<uint8_t>(at<Be16>(kIpv6).host() >> 4U);
  }
  [[nodiscard]] uint8_t hop_limit() const noexcept {
    return at<uint8_t>(kIpv6 + offsetof(Ipv6Header, hop_limit));
  }
  [[nodiscard]] uint8_t protocol() const noexcept {
    return at<uint8_t>(kIpv6 + offsetof(Ipv6Header, next_header));
  }
  [[nodiscard]] uint16_t payload_length() const noexcept {
    return at<Be16>(kIpv6 + offsetof(Ipv6Header, payload_length)).host();
  }
  // TCP's stand in the same place.
  [[nodiscard]] uint16_t source_port() const noexcept { return at<Be16>(kUpper).host(); }
  [[nodiscard]] uint16_t destination_port() const noexcept { return at<Be16>(kUpper + sizeof(Be16)).host(); }
  // Into `l4` as it was made, or as this has left it.
  void read_tcp(Layer4Fields& l4) const noexcept;

 private:
  static constexpr std::size_t kIpv6 = plain_offset(tunnelled);
  static constexpr std::size_t kUpper = kIpv6 + sizeof(Ipv6Header);

  // Within the frame: reads() has compared one length with all of them.
  template <typename Field>
  [[nodiscard]] Field at(std::size_t offset) const noexcept {
    return load_unaligned<Field>(start_ + offset);
  }
  template <typename Field>
  [[nodiscard]] Field outer(std::size_t offset) const noexcept {
    return at<Field>(sizeof(EthernetHeader) + offset);
  }
  [[nodiscard]] bool reads(std::size_t size) const noexcept {
    if (size < kUpper + sizeof(UdpHeader)) [[unlikely]]
      return false;
    const std::size_t end = tunnelled ? sizeof(EthernetHeader) + outer_length() : size;
    if (tunnelled && (end > size || !reads_outer())) [[unlikely]]
      return false;
    const std::size_t length = payload_length();
    if (at<uint8_t>(kIpv6) >> 4U != 6 || kUpper + length > end) [[unlikely]]
      return false;
    return reads_upper(length);
  }
  [[nodiscard]] std::size_t outer_length() const noexcept {
    return outer<Be16>(offsetof(Ipv4Header, total_length)).host();
  }
  [[nodiscard]] bool reads_outer() const noexcept {
    constexpr uint16_t kFragmented = 0x3fff;  // MF and offset
    constexpr uint8_t kNoOptions = 0x45;
    return outer<uint8_t>(offsetof(Ipv4Header, version_ihl)) == kNoOptions &&
           outer<uint8_t>(offsetof(Ipv4Header, protocol)) == ip_proto::kIpv6 &&
           (outer<Be16>(offsetof(Ipv4Header, fragment)).raw() & Be16(kFragmented).raw()) == 0 &&
           checksum_of<Ipv4Header>(start_ + sizeof(EthernetHeader)) == 0;
  }
  [[nodiscard]] bool reads_upper(std::size_t length) const noexcept {
    if (protocol() == ip_proto::kUdp) {
      const std::size_t said = at<Be16>(kUpper + offsetof(UdpHeader, length)).host();
      if (said < sizeof(UdpHeader) || said > length) [[unlikely]]
        return false;
      return true;
    }
    if (protocol() != ip_proto::kTcp || length < sizeof(TcpHeader)) return false;
    const std::size_t header = (at<uint8_t>(kUpper + offsetof(TcpHeader, data_offset)) >> 4U) * 4U;
    const auto flags = at<uint8_t>(kUpper + offsetof(TcpHeader, flags));
    return (flags & tcp_flag::kSyn) == 0 && header >= sizeof(TcpHeader) && header <= length;
  }

  const uint8_t* start_;
  bool is_plain_;
};

template <bool tunnelled>
void PlainFrame<tunnelled>::read_tcp(Layer4Fields& l4) const noexcept {
  const auto tcp = at<TcpHeader>(kUpper);
  l4.protocol = ip_proto::kTcp;
  l4.present = true;
  l4.offset = kUpper;
  l4.length = payload_length();
  l4.source_port = tcp.source_port.host();
  l4.destination_port = tcp.destination_port.host();
  l4.tcp_flags = tcp.flags;
  l4.tcp_header_length = static_cast<uint8_t>((tcp.data_offset >> 4U) * 4U);
  l4.tcp_sequence = tcp.sequence.host();
  l4.tcp_acknowledgement = tcp.acknowledgement.host();
  l4.tcp_window = tcp.window.host();
}

// The EtherType of an untagged frame that may be plain; of another one anything.
[[nodiscard]] inline uint16_t plain_ether_type(Bytes frame) noexcept {
  if (frame.size() < sizeof(EthernetHeader)) return 0;
  return load_unaligned<Be16>(frame.data() + offsetof(EthernetHeader, type)).host();
}

}  // namespace gate41
