// Every combination of way, protocol, extension headers, hop limit, size and traffic class: each packet's
// fate, byte for byte, by rules written down here once more.
#include <gtest/gtest.h>

#include "tests/unit/worker/expectations.hpp"

namespace gate41::testing {
namespace {

using namespace std::chrono_literals;
constexpr std::size_t kTunnelMtu = 1280;
constexpr std::size_t kLanMtu = 1500;

enum class Upper : uint8_t { udp, tcp, echo, sctp, dccp, esp, udp_lite };
enum class Extension : uint8_t { none, hop_by_hop, destination, routing_2, ah };

struct Shape {
  Upper upper{};
  Extension extension{};
  uint8_t hop_limit = 64;
  std::size_t payload = 0;
  uint8_t traffic_class = 0;
  uint16_t port = 0;  // of the host; its peer's is 8080
};

template <typename Visit>
void for_each_shape(const Visit& visit) {
  uint16_t port = 2000;
  for (const Upper upper :
       {Upper::udp, Upper::tcp, Upper::echo, Upper::sctp, Upper::dccp, Upper::esp, Upper::udp_lite})
    for (const Extension extension : {Extension::none, Extension::hop_by_hop, Extension::destination,
                                      Extension::routing_2, Extension::ah})
      for (const uint8_t hop_limit : {uint8_t{0}, uint8_t{1}, uint8_t{2}, uint8_t{255}})
        for (const std::size_t payload :
             {std::size_t{0}, std::size_t{1}, std::size_t{1200}, std::size_t{1400}})
          for (const uint8_t traffic_class : {uint8_t{0}, uint8_t{0x29}, uint8_t{0xba}, uint8_t{0x03}})
            visit(Shape{upper, extension, hop_limit, payload, traffic_class, port++});
}

void add_extension(PacketBuilder& builder, Extension extension) {
  switch (extension) {
    case Extension::none:
      break;
    case Extension::hop_by_hop:
      builder.hop_by_hop();
      break;
    case Extension::destination:
      builder.destination_options(24);
      break;
    case Extension::routing_2:
      builder.routing(2);
      break;
    case Extension::ah:
      builder.ah();
      break;
  }
}

// The header of a DATA chunk.
std::vector<uint8_t> sctp_data(std::size_t payload) {
  const std::size_t length = payload + 4;
  return {0, 0, static_cast<uint8_t>(length >> 8U), static_cast<uint8_t>(length)};
}

void add_upper(PacketBuilder& builder, const Shape& shape, bool outwards) {
  const uint16_t source = outwards ? shape.port : uint16_t{8080};
  const uint16_t destination = outwards ? uint16_t{8080} : shape.port;
  TcpFields answer;
  answer.flags = tcp_flag::kSyn | tcp_flag::kAck;
  answer.acknowledgement = 1001;
  switch (shape.upper) {
    case Upper::udp:
      builder.udp(source, destination);
      break;
    case Upper::tcp:
      builder.tcp(source, destination, outwards ? TcpFields{} : answer);
      break;
    case Upper::echo:
      outwards ? builder.echo_request(shape.port, 1) : builder.echo_reply(shape.port, 1);
      break;
    case Upper::sctp:
      builder.sctp(source, destination).payload(sctp_data(shape.payload));
      break;
    case Upper::dccp:
      builder.dccp(source, destination);
      break;
    case Upper::esp:
      builder.esp(1, 2);
      break;
    case Upper::udp_lite:
      builder.udp_lite(source, destination);
      break;
  }
}

PacketBuilder packet(PacketBuilder start, const Ipv6Address& source, const Ipv6Address& destination,
                     const Shape& shape, bool outwards, uint8_t hop_limit, uint8_t traffic_class) {
  start.ipv6(source, destination).hop_limit(hop_limit).traffic_class(traffic_class);
  add_extension(start, shape.extension);
  add_upper(start, shape, outwards);
  return start.payload(shape.payload);
}

std::size_t upper_length(Upper upper) {
  switch (upper) {
    case Upper::tcp:
    case Upper::dccp:
      return 20;
    case Upper::sctp:
      return 16;
    default:
      return 8;
  }
}
std::size_t extension_length(Extension extension) {
  switch (extension) {
    case Extension::none:
      return 0;
    case Extension::hop_by_hop:
      return 8;
    default:
      return 24;
  }
}
std::size_t length_of(const Shape& shape) {
  return 40 + extension_length(shape.extension) + upper_length(shape.upper) + shape.payload;
}

// The error that this packet is owed on a way of this MTU, or none.
struct Owed {
  uint8_t type = 0;
  uint32_t parameter = 0;
};
Owed owed(const Shape& shape, std::size_t mtu) {
  if (shape.hop_limit <= 1) return {3, 0};
  if (length_of(shape) > mtu) return {2, static_cast<uint32_t>(mtu)};
  return {};
}

Frame quote_of(const PacketBuilder& offending) {
  Frame quote = offending.build();
  quote.resize(std::min(quote.size(), std::size_t{1280 - 48}));
  return quote;
}

// proves: A10 C18 D7 D12 D27 F1 I1 I8 I9 K54
TEST(Matrix, LanToTunnel) {
  for (const bool direct : {false, true}) {
    GatewaySite site;
    const Ipv6Address peer = direct ? kSite : kServer;
    const Ipv4Address outer = direct ? kSiteV4 : kRelayV4;
    uint16_t encapsulated = 0;
    for_each_shape([&](const Shape& shape) {
      site.now += 1s;
      const auto make = [&](PacketBuilder start, uint8_t hop_limit) {
        return packet(std::move(start), kHost, peer, shape, true, hop_limit, shape.traffic_class);
      };
      const Outcome outcome = site.host_sends(make(GatewaySite::from_host(), shape.hop_limit));
      const Owed error = owed(shape, kTunnelMtu);
      if (error.type != 0) {
        expect_sent(outcome, kLanDevice,
                    error_about(GatewaySite::to_host(), kHomeRouter, kHost, error.type, 0, error.parameter,
                                quote_of(make({}, shape.hop_limit))));
        return;
      }
      const auto ecn = static_cast<uint8_t>(shape.traffic_class & 3U);
      expect_sent(outcome, kWanDevice,
                  make(GatewaySite::to_wan(outer, encapsulated++).tos(ecn),
                       static_cast<uint8_t>(shape.hop_limit - 1)));
    });
  }
}

// RFC 6040 §4.2, figure 4: rows inner, columns outer; drop = 4.
constexpr std::array<std::array<uint8_t, 4>, 4> kEgress = {
    {{0, 0, 0, 4}, {1, 1, 1, 3}, {2, 1, 2, 3}, {3, 3, 3, 3}}};

// proves: C7 C8 D12 D27 F4 F5 F6 F9 I8 I9 S65
TEST(Matrix, TunnelToLan) {
  for (const bool direct : {false, true}) {
    GatewaySite site;
    const Ipv6Address peer = direct ? kSite : kServer;
    const Ipv4Address outer = direct ? kSiteV4 : kRelayV4;
    uint16_t encapsulated = 0;
    uint8_t tos = 0;
    for_each_shape([&](Shape shape) {
      site.now += 1s;
      tos = static_cast<uint8_t>((tos + 1) & 3U);
      const uint8_t ecn = kEgress[shape.traffic_class & 3U][tos];
      Shape opener = shape;
      opener.payload = 0;
      ASSERT_EQ(
          site.host_sends(packet(GatewaySite::from_host(), kHost, peer, opener, true, 64, 0)).sent.size(),
          1U);
      ++encapsulated;
      const auto make = [&](PacketBuilder start, uint8_t hop_limit, uint8_t traffic_class) {
        return packet(std::move(start), peer, kHost, shape, false, hop_limit, traffic_class);
      };
      const Outcome outcome =
          site.wan_sends(make(GatewaySite::from_wan(outer).tos(tos), shape.hop_limit, shape.traffic_class));
      if (ecn == 4) return expect_nothing(outcome);
      const auto marked = static_cast<uint8_t>((shape.traffic_class & ~3U) | ecn);
      const Owed error = owed(shape, kLanMtu);
      if (error.type != 0)
        return expect_sent(
            outcome, kWanDevice,
            error_about(GatewaySite::to_wan(outer, encapsulated++), kTunnelAddress, peer, error.type, 0,
                        error.parameter, quote_of(make({}, shape.hop_limit, marked))));
      expect_sent(outcome, kLanDevice,
                  make(GatewaySite::to_host(), static_cast<uint8_t>(shape.hop_limit - 1), marked));
    });
  }
}

// proves: B22 C9 D12 D27
TEST(Matrix, RelayBothWays) {
  RelaySite site;
  const Ipv6Address far = ip6("2600:42::80");
  uint16_t encapsulated = 0;
  for_each_shape([&](const Shape& shape) {
    if (owed(shape, kTunnelMtu).type != 0) return;
    const auto less = static_cast<uint8_t>(shape.hop_limit - 1);
    const auto out = [&](PacketBuilder start, uint8_t hop_limit) {
      return packet(std::move(start), kSite, far, shape, true, hop_limit, shape.traffic_class);
    };
    const auto in = [&](PacketBuilder start, uint8_t hop_limit) {
      return packet(std::move(start), far, kSite, shape, false, hop_limit, shape.traffic_class);
    };
    const auto ecn = static_cast<uint8_t>(shape.traffic_class & 3U);
    expect_sent(site.wan_sends(out(RelaySite::from_site().tos(ecn), shape.hop_limit)), kLanDevice,
                out(RelaySite::to_native(), less));
    expect_sent(site.native_sends(in(RelaySite::from_native(), shape.hop_limit)), kWanDevice,
                in(RelaySite::to_site(kRelayV4, encapsulated++).tos(ecn), less));
  });
}

// proves: P8 D12
TEST(Matrix, LanToLan) {
  GatewaySite site;
  for_each_shape([&](const Shape& shape) {
    if (owed(shape, kLanMtu).type != 0) return;
    const auto make = [&](PacketBuilder start, uint8_t hop_limit) {
      return packet(std::move(start), kGuest, kHost, shape, true, hop_limit, shape.traffic_class);
    };
    expect_sent(site.host_sends(make(GatewaySite::from_guest(), shape.hop_limit)), kLanDevice,
                make(GatewaySite::to_host(), static_cast<uint8_t>(shape.hop_limit - 1)));
  });
}

}  // namespace
}  // namespace gate41::testing
