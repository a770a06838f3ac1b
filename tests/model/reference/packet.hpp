// A packet as the reference sees it: what the RFCs let a stateful filter look at, and nothing else.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>

namespace gate41::model {

using Time = std::chrono::nanoseconds;  // since any fixed moment

enum class Direction : uint8_t { outbound, inbound };  // outbound: interior to exterior (RFC 6092 §1.2)
[[nodiscard]] constexpr Direction opposite(Direction direction) {
  return direction == Direction::outbound ? Direction::inbound : Direction::outbound;
}

// Where an address is, which is all that the rules ask of it.
enum class Place : uint8_t {
  lan,           // a host of the site, in a prefix of its LAN
  net,           // a host of the IPv6 Internet
  site,          // a host of another site
  withdrawn,     // in a prefix that the LAN had before
  elsewhere,     // a good global address that is no prefix of this LAN
  unique_local,  // fc00::/7 (REC-7)
  multicast,     // ff00::/8, of global scope
};
struct Host {
  Place place = Place::lan;
  uint8_t number = 0;
  auto operator<=>(const Host&) const = default;
};

namespace protocol {
inline constexpr uint8_t tcp = 6;
inline constexpr uint8_t udp = 17;
inline constexpr uint8_t dccp = 33;
inline constexpr uint8_t gre = 47;
inline constexpr uint8_t esp = 50;
inline constexpr uint8_t ah = 51;
inline constexpr uint8_t icmpv6 = 58;
inline constexpr uint8_t ospf = 89;
inline constexpr uint8_t sctp = 132;
inline constexpr uint8_t udp_lite = 136;
inline constexpr uint8_t hip = 139;
}  // namespace protocol

namespace flag {
inline constexpr uint8_t fin = 1;
inline constexpr uint8_t syn = 2;
inline constexpr uint8_t rst = 4;
inline constexpr uint8_t psh = 8;
inline constexpr uint8_t ack = 16;
inline constexpr uint8_t urg = 32;
}  // namespace flag

struct TcpFields {
  uint8_t flags = 0;
  uint32_t sequence = 0;
  uint32_t acknowledgement = 0;
  uint16_t window = 0;
  std::optional<uint8_t> scale{};  // the option of a SYN (RFC 7323 §2.2)
  uint16_t length = 0;             // bytes of data
  auto operator<=>(const TcpFields&) const = default;
};

[[nodiscard]] inline bool has(const TcpFields& segment, uint8_t flag) { return (segment.flags & flag) != 0; }

// RFC 9260 §3.2
namespace chunk {
inline constexpr uint8_t data = 0;
inline constexpr uint8_t init = 1;
inline constexpr uint8_t init_ack = 2;
inline constexpr uint8_t sack = 3;
inline constexpr uint8_t heartbeat = 4;
inline constexpr uint8_t heartbeat_ack = 5;
inline constexpr uint8_t abort = 6;
inline constexpr uint8_t shutdown = 7;
inline constexpr uint8_t shutdown_ack = 8;
inline constexpr uint8_t error = 9;
inline constexpr uint8_t cookie_echo = 10;
inline constexpr uint8_t cookie_ack = 11;
inline constexpr uint8_t shutdown_complete = 14;
}  // namespace chunk

// RFC 9260 §3: of the chunks the first.
struct SctpFields {
  enum class Form : uint8_t {
    good,
    no_chunk,     // nothing behind the common header
    short_chunk,  // its length is less than that of its own header
    cut,          // its length is more than there is
    bare,         // its header alone
  };
  uint32_t tag = 0;  // verification tag
  uint8_t chunk = 0;
  bool t = false;                   // the T bit of ABORT and SHUTDOWN COMPLETE
  uint32_t initiate = 0;            // the initiate tag of INIT and INIT ACK
  std::optional<uint8_t> second{};  // another chunk behind it
  Form form = Form::good;
  auto operator<=>(const SctpFields&) const = default;
};

// RFC 4340 §5.1
namespace dccp_type {
inline constexpr uint8_t request = 0;
inline constexpr uint8_t response = 1;
inline constexpr uint8_t data = 2;
inline constexpr uint8_t ack = 3;
inline constexpr uint8_t data_ack = 4;
inline constexpr uint8_t close_req = 5;
inline constexpr uint8_t close = 6;
inline constexpr uint8_t reset = 7;
inline constexpr uint8_t sync = 8;
inline constexpr uint8_t sync_ack = 9;
}  // namespace dccp_type

struct DccpFields {
  enum class Form : uint8_t {
    good,
    low_offset,   // the data begin within the header
    high_offset,  // and behind the packet
  };
  uint8_t type = 0;
  bool extended = true;  // X: sequence numbers of 48 bits
  Form form = Form::good;
  auto operator<=>(const DccpFields&) const = default;
};

struct Icmp {
  uint8_t type = 0;
  uint8_t code = 0;
  uint16_t id = 0;  // echo
  auto operator<=>(const Icmp&) const = default;
};

// RFC 8200 §4.5. `atomic` has the header, and is whole all the same (RFC 6946).
enum class Part : uint8_t { whole, atomic, first, later };

// What a packet and the quote of one have in common.
struct Headers {
  Host source;
  Host destination;
  uint8_t protocol = 0;
  uint16_t source_port = 0;  // TCP, UDP, UDP-Lite, SCTP, DCCP
  uint16_t destination_port = 0;
  Icmp icmp;
  Part part = Part::whole;
  uint32_t fragment = 0;  // its identification
  uint16_t offset = 0;    // bytes
  uint16_t length = 0;    // bytes of this fragment, behind its header
  bool more = false;      // others follow
  auto operator<=>(const Headers&) const = default;
};

// How much of a packet an ICMPv6 error quotes (RFC 4443 §2.4 c).
enum class Cut : uint8_t { none, behind_ports, before_ports, within_header };
struct Quote {
  Headers headers;
  Cut cut = Cut::none;
  auto operator<=>(const Quote&) const = default;
};

struct Packet {
  Headers headers;
  TcpFields tcp;
  SctpFields sctp{};
  DccpFields dccp{};
  std::optional<Quote> quote;  // ICMPv6 errors
  bool options = false;  // hop-by-hop and destination options, which no rule looks at (RFC 8200 §4.3, §4.6)
  auto operator<=>(const Packet&) const = default;
};

}  // namespace gate41::model
