// Frames of the generator: one of a flow is written, one that came is checked, or turned around. Pure; no
// allocation. A side is bare IPv6 on Ethernet, or IPv6 in protocol 41.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "dataplane/net/address.hpp"
#include "dataplane/net/parsed_packet.hpp"
#include "dataplane/tunnel/outer_header.hpp"
#include "perf/generator/flows.hpp"
#include "perf/generator/stamp.hpp"

namespace gate41::generator {

// How frames look on one side of the device under test.
struct Link {
  bool tunnel = false;    // IPv6 is in protocol 41 here
  MacAddress own;         // of a tunnel: ours; bare IPv6 comes from its hosts' own ones (mac_of)
  MacAddress device;      // where frames go
  Ipv4Address device_v4;  // of a tunnel: the device's end, outer destination of what we send
};

// A size is that of the Ethernet frame of the bare IPv6 packet with its check sequence, as RFC 8219 counts;
// in the tunnel it is kOuter longer.
inline constexpr uint16_t kSmallestFrame = 84;
inline constexpr uint16_t kLargestFrame = 1498;  // in the tunnel, 1500 bytes of IPv4
inline constexpr uint16_t kEthernet = 14;
inline constexpr uint16_t kCheckSequence = 4;
inline constexpr uint16_t kOuter = 20;
static_assert(kEthernet + sizeof(Ipv6Header) + sizeof(UdpHeader) + sizeof(WireStamp) + kCheckSequence ==
              kSmallestFrame);

class FrameMaker {
 public:
  // What `from` sends by its link.
  FrameMaker(const Link& link, Side from) noexcept;
  // Bytes written: without the check sequence. `out` has room for kLargestFrame + kOuter.
  std::size_t make(std::span<uint8_t> out, const Flow& flow, const Stamp& stamp, uint16_t size) noexcept;

 private:
  std::size_t write_link(std::span<uint8_t> out, const Flow& flow, uint16_t inner_length) noexcept;
  Link link_;
  Side from_;
  std::array<uint8_t, kMaxTemplate> outer_{};
  uint16_t id_ = 0;
};

// The stamp of a frame that arrived by a link of this kind; nothing if it is none of ours.
[[nodiscard]] std::optional<Stamp> stamp_of(bool tunnel, const ParsedPacket& packet, Bytes frame) noexcept;

// Did it come as the flow says: from the end at `from`, inside and outside the tunnel? `link` is where it
// arrived.
[[nodiscard]] bool matches(const Link& link, const ParsedPacket& packet, const Flow& flow,
                           Side from) noexcept;

// Source and destination change places in every header up to IPv6's; checksums stay right, and the hop limit
// is new.
void swap_addresses(std::span<uint8_t> frame, const ParsedPacket& packet) noexcept;
// The same, with the ports of UDP: whoever sent it gets it back.
void turn_around(std::span<uint8_t> frame, const ParsedPacket& packet) noexcept;

}  // namespace gate41::generator
