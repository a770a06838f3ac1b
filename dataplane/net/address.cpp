#include "dataplane/net/address.hpp"

#include <algorithm>
#include <arpa/inet.h>

namespace gate41 {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";

std::optional<uint8_t> hex_value(char c) {
  if (c >= '0' && c <= '9') return static_cast<uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<uint8_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<uint8_t>(c - 'A' + 10);
  return std::nullopt;
}

// A decimal number of at most three digits without leading zeros, 0..limit.
std::optional<uint8_t> parse_decimal(std::string_view text, unsigned limit) {
  if (text.empty() || text.size() > 3 || (text.size() > 1 && text[0] == '0')) return std::nullopt;
  unsigned value = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') return std::nullopt;
    value = value * 10 + static_cast<unsigned>(c - '0');
  }
  if (value > limit) return std::nullopt;
  return static_cast<uint8_t>(value);
}

template <typename Prefix, typename Address>
std::optional<Prefix> parse_prefix(std::string_view text, uint8_t max_length) {
  const std::size_t slash = text.find('/');
  const auto address = Address::parse(text.substr(0, slash));
  if (!address) return std::nullopt;
  if (slash == std::string_view::npos) return Prefix{*address, max_length};
  const auto length = parse_decimal(text.substr(slash + 1), max_length);
  if (!length) return std::nullopt;
  const Prefix prefix = Prefix::of(*address, *length);
  if (prefix.address != *address) return std::nullopt;
  return prefix;
}

}  // namespace

std::optional<MacAddress> MacAddress::parse(std::string_view text) {
  MacAddress mac;
  if (text.size() != 17) return std::nullopt;
  for (std::size_t i = 0; i < 6; ++i) {
    const auto high = hex_value(text[3 * i]);
    const auto low = hex_value(text[3 * i + 1]);
    if (!high || !low || (i < 5 && text[3 * i + 2] != ':')) return std::nullopt;
    mac.bytes[i] = static_cast<uint8_t>(*high << 4U | *low);
  }
  return mac;
}

std::string MacAddress::to_string() const {
  std::string text(17, ':');
  for (std::size_t i = 0; i < 6; ++i) {
    text[3 * i] = kHexDigits[bytes[i] >> 4U];
    text[3 * i + 1] = kHexDigits[bytes[i] & 0xfU];
  }
  return text;
}

std::optional<Ipv4Address> Ipv4Address::parse(std::string_view text) {
  uint32_t value = 0;
  for (int part = 0; part < 4; ++part) {
    const std::size_t dot = text.find('.');
    if ((dot == std::string_view::npos) != (part == 3)) return std::nullopt;
    const auto number = parse_decimal(text.substr(0, dot), 255);
    if (!number) return std::nullopt;
    value = value << 8U | *number;
    text.remove_prefix(part == 3 ? text.size() : dot + 1);
  }
  return Ipv4Address(Be32(value));
}

std::string Ipv4Address::to_string() const {
  char text[INET_ADDRSTRLEN];
  return inet_ntop(AF_INET, &value, text, sizeof text);
}

std::optional<Ipv6Address> Ipv6Address::parse(std::string_view text) {
  char copy[INET6_ADDRSTRLEN] = {};
  // A NUL inside would end the text early for inet_pton.
  if (text.size() >= sizeof copy || text.find('\0') != std::string_view::npos) return std::nullopt;
  std::copy(text.begin(), text.end(), copy);
  Ipv6Address address;
  if (inet_pton(AF_INET6, copy, address.bytes.data()) != 1) return std::nullopt;
  return address;
}

std::string Ipv6Address::to_string() const {
  char text[INET6_ADDRSTRLEN];
  return inet_ntop(AF_INET6, bytes.data(), text, sizeof text);
}

Ipv6Address mapped(Ipv4Address address) noexcept {
  return Ipv6Address::from_halves(0, uint64_t{0xffff} << 32U | address.host());
}

Ipv6Address solicited_node(const Ipv6Address& address) {
  Ipv6Address group = Ipv6Address::of({0xff02, 0, 0, 0, 0, 1, 0xff00, 0});
  std::copy(address.bytes.begin() + 13, address.bytes.end(), group.bytes.begin() + 13);
  return group;
}

MacAddress multicast_mac(const Ipv6Address& group) {
  MacAddress mac{{0x33, 0x33}};
  std::copy(group.bytes.begin() + 12, group.bytes.end(), mac.bytes.begin() + 2);
  return mac;
}

uint64_t eui64_interface_id(const MacAddress& mac) {
  const auto& b = mac.bytes;
  const uint64_t upper = uint64_t{b[0] ^ 0x02U} << 16U | uint64_t{b[1]} << 8U | b[2];
  const uint64_t lower = uint64_t{b[3]} << 16U | uint64_t{b[4]} << 8U | b[5];
  return upper << 40U | uint64_t{0xfffe} << 24U | lower;
}

std::optional<Ipv4Prefix> Ipv4Prefix::parse(std::string_view text) {
  return parse_prefix<Ipv4Prefix, Ipv4Address>(text, 32);
}

Ipv4Prefix Ipv4Prefix::of(Ipv4Address address, uint8_t length) {
  Ipv4Prefix prefix{address, std::min<uint8_t>(length, 32)};
  prefix.address = Ipv4Address(Be32(address.host() & prefix.mask()));
  return prefix;
}

std::string Ipv4Prefix::to_string() const { return address.to_string() + "/" + std::to_string(length); }

std::optional<Ipv6Prefix> Ipv6Prefix::parse(std::string_view text) {
  return parse_prefix<Ipv6Prefix, Ipv6Address>(text, 128);
}

Ipv6Prefix Ipv6Prefix::of(const Ipv6Address& address, uint8_t length) {
  Ipv6Prefix prefix{address, std::min<uint8_t>(length, 128)};
  prefix.address =
      Ipv6Address::from_halves(address.high() & prefix.mask_high(), address.low() & prefix.mask_low());
  return prefix;
}

std::string Ipv6Prefix::to_string() const { return address.to_string() + "/" + std::to_string(length); }

Ipv6Prefix six_to_four_prefix(Ipv4Address v4) {
  return {Ipv6Address::from_halves(uint64_t{0x2002} << 48U | uint64_t{v4.host()} << 16U, 0), 48};
}

}  // namespace gate41
