#include "tests/unit/ra/wire.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace gate41::testing {
namespace {

constexpr std::size_t kIp = 14;
constexpr std::size_t kIcmp = kIp + 40;

uint16_t u16(const Frame& frame, std::size_t at) {
  return static_cast<uint16_t>(frame.at(at) << 8U | frame.at(at + 1));
}
uint32_t u32(const Frame& frame, std::size_t at) {
  return static_cast<uint32_t>(u16(frame, at)) << 16U | u16(frame, at + 2);
}
Frame part(const Frame& frame, std::size_t at, std::size_t size) {
  return {frame.begin() + static_cast<std::ptrdiff_t>(at),
          frame.begin() + static_cast<std::ptrdiff_t>(at + size)};
}
template <typename Address>
Address address(const Frame& frame, std::size_t at) {
  Address value;
  const Frame bytes = part(frame, at, value.bytes.size());
  std::copy(bytes.begin(), bytes.end(), value.bytes.begin());
  return value;
}

// RFC 8200 §8.1: pseudo header and message sum up to 0xffff.
bool has_good_checksum(const Frame& frame) {
  uint64_t sum = 58U + frame.size() - kIcmp;
  for (std::size_t at = kIp + 8; at < frame.size(); at += 2) sum += u16(frame, at);
  while (sum >> 16U != 0) sum = (sum & 0xffffU) + (sum >> 16U);
  return sum == 0xffff;
}

void put(Frame& frame, uint32_t value) {
  for (const uint32_t shift : {24U, 16U, 8U, 0U}) frame.push_back(static_cast<uint8_t>(value >> shift));
}
Frame operator+(Frame a, const Frame& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

RaServers read_servers(const Frame& option) {
  RaServers servers{option[1], u32(option, 4), {}};
  for (std::size_t at = 8; at < option.size(); at += 16)
    servers.servers.push_back(address<Ipv6Address>(option, at));
  return servers;
}

void read_option(const Frame& option, SentRa& ra) {
  switch (option[0]) {
    case 1:
      ra.sllao.push_back(address<MacAddress>(option, 2));
      break;
    case 3:
      ra.prefixes.push_back(
          {address<Ipv6Address>(option, 16), option[2], option[3], u32(option, 4), u32(option, 8)});
      break;
    case 5:
      ra.mtu.push_back(u32(option, 4));
      break;
    case 24:
      ra.routes.push_back(
          {option[1], option[2], option[3], u32(option, 4), part(option, 8, option.size() - 8)});
      break;
    case 25:
      ra.rdnss.push_back(read_servers(option));
      break;
    case 31:
      ra.dnssl.push_back({option[1], u32(option, 4), part(option, 8, option.size() - 8)});
      break;
    default:
      ADD_FAILURE() << "option " << int{option[0]};
  }
}

}  // namespace

uint8_t type_of(const Frame& frame) { return frame.at(kIcmp); }

SentRa read_ra(const Frame& frame) {
  EXPECT_EQ(u16(frame, 12), 0x86dd);
  EXPECT_EQ(frame.at(kIp) >> 4U, 6);
  EXPECT_EQ(u16(frame, kIp + 4), frame.size() - kIcmp);
  EXPECT_EQ(frame.at(kIp + 6), 58);
  EXPECT_EQ(type_of(frame), 134);
  SentRa ra{address<MacAddress>(frame, 0), address<MacAddress>(frame, 6),
            address<Ipv6Address>(frame, kIp + 8), address<Ipv6Address>(frame, kIp + 24)};
  ra.ip_hop_limit = frame.at(kIp + 7);
  ra.checksum_good = has_good_checksum(frame);
  ra.ip_length = frame.size() - kIp;
  ra.code = frame.at(kIcmp + 1);
  ra.hop_limit = frame.at(kIcmp + 4);
  ra.flags = frame.at(kIcmp + 5);
  ra.lifetime = u16(frame, kIcmp + 6);
  ra.reachable = u32(frame, kIcmp + 8);
  ra.retransmission = u32(frame, kIcmp + 12);
  for (std::size_t at = kIcmp + 16; at < frame.size() && frame.at(at + 1) != 0; at += frame[at + 1] * 8U)
    read_option(part(frame, at, frame[at + 1] * 8U), ra);
  return ra;
}

Frame lladdr_option(const MacAddress& mac) {
  Frame option{1, 1};
  option.insert(option.end(), mac.bytes.begin(), mac.bytes.end());
  return option;
}

Frame prefix_option(const Ipv6Address& prefix, uint32_t valid, uint32_t preferred) {
  Frame option{3, 4, 64, 0xc0};
  put(option, valid);
  put(option, preferred);
  put(option, 0);
  option.insert(option.end(), prefix.bytes.begin(), prefix.bytes.end());
  return option;
}

Frame mtu_option(uint32_t mtu) {
  Frame option{5, 1, 0, 0};
  put(option, mtu);
  return option;
}

PacketBuilder Solicitation::packet(uint8_t hop_limit, uint8_t code) const {
  return PacketBuilder()
      .ethernet(mac("33:33:00:00:00:02"), ether_source)
      .ipv6(source, ip6("ff02::2"))
      .hop_limit(hop_limit)
      .icmpv6(133, code)
      .payload(options);
}

PacketBuilder Announcement::packet(uint8_t ip_hop_limit) const {
  Frame timers;
  put(timers, reachable);
  put(timers, retransmission);
  return PacketBuilder()
      .ethernet(mac("33:33:00:00:00:01"), mac("02:00:00:00:00:99"))
      .ipv6(source, ip6("ff02::1"))
      .hop_limit(ip_hop_limit)
      .icmpv6(134, 0, uint32_t{hop_limit} << 24U | uint32_t{flags} << 16U | lifetime)
      .payload(timers + options);
}

}  // namespace gate41::testing
