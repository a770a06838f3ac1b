// Addresses and prefixes as values: MacAddress, Ipv4Address, Ipv6Address, Ipv4Prefix, Ipv6Prefix.
// All are trivially copyable, comparable, and stand on the wire as they stand in memory.
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dataplane/net/byte_order.hpp"

namespace gate41 {

struct MacAddress {
  std::array<uint8_t, 6> bytes{};

  static std::optional<MacAddress> parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] constexpr bool is_multicast() const noexcept {
    return (bytes[0] & 1U) != 0;
  }  // broadcast too
  [[nodiscard]] constexpr bool is_zero() const noexcept { return *this == MacAddress{}; }
  // Two words: of an array of bytes the compiler makes a call.
  constexpr bool operator==(const MacAddress& o) const noexcept {
    if (std::is_constant_evaluated()) return bytes == o.bytes;
    return ((word<uint32_t>(0) ^ o.word<uint32_t>(0)) | (word<uint16_t>(4) ^ o.word<uint16_t>(4))) == 0;
  }
  constexpr auto operator<=>(const MacAddress&) const = default;

 private:
  template <typename Word>
  [[nodiscard]] Word word(std::size_t offset) const noexcept {
    return load_unaligned<Word>(bytes.data() + offset);
  }
};

inline constexpr MacAddress kBroadcastMac{{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};

struct Ipv4Address {
  Be32 value{};

  constexpr Ipv4Address() = default;
  explicit constexpr Ipv4Address(Be32 v) : value(v) {}
  // Host order, as people write it: Ipv4Address::of(192, 88, 99, 1).
  static constexpr Ipv4Address of(uint8_t a, uint8_t b, uint8_t c, uint8_t d) {
    return Ipv4Address(Be32(uint32_t{a} << 24U | uint32_t{b} << 16U | uint32_t{c} << 8U | d));
  }
  // Strict dotted quad: four decimal numbers, no leading zeros, nothing around it.
  static std::optional<Ipv4Address> parse(std::string_view text);
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] constexpr uint32_t host() const noexcept { return value.host(); }
  [[nodiscard]] constexpr bool is_unspecified() const noexcept { return value.raw() == 0; }
  [[nodiscard]] constexpr bool is_multicast() const noexcept { return host() >> 28U == 0xe; }
  constexpr bool operator==(const Ipv4Address&) const = default;
  constexpr auto operator<=>(const Ipv4Address& o) const { return host() <=> o.host(); }
};

struct Ipv6Address {
  alignas(8) std::array<uint8_t, 16> bytes{};

  // RFC 4291 §2.2 text, as inet_pton takes it; no zone.
  static std::optional<Ipv6Address> parse(std::string_view text);
  // From the 8 groups, host order: Ipv6Address::of({0x2002, 0xc058, 0x6301, 0, 0, 0, 0, 0}).
  static constexpr Ipv6Address of(const std::array<uint16_t, 8>& groups) {
    Ipv6Address a;
    for (std::size_t i = 0; i < 8; ++i) {
      a.bytes[2 * i] = static_cast<uint8_t>(groups[i] >> 8U);
      a.bytes[2 * i + 1] = static_cast<uint8_t>(groups[i]);
    }
    return a;
  }
  // RFC 5952 text.
  [[nodiscard]] std::string to_string() const;
  // The two halves in host order: what prefix comparison works on.
  [[nodiscard]] uint64_t high() const noexcept { return half(0); }
  [[nodiscard]] uint64_t low() const noexcept { return half(8); }
  static Ipv6Address from_halves(uint64_t high, uint64_t low) noexcept {
    Ipv6Address a;
    store_unaligned(a.bytes.data(), Be64(high));
    store_unaligned(a.bytes.data() + sizeof high, Be64(low));
    return a;
  }
  [[nodiscard]] constexpr bool is_unspecified() const noexcept { return *this == Ipv6Address{}; }
  [[nodiscard]] constexpr bool is_multicast() const noexcept { return bytes[0] == 0xff; }
  [[nodiscard]] constexpr bool is_link_local() const noexcept {
    return bytes[0] == 0xfe && (bytes[1] & 0xc0U) == 0x80;
  }
  // Two words, for the same reason.
  constexpr bool operator==(const Ipv6Address& o) const noexcept {
    if (std::is_constant_evaluated()) return bytes == o.bytes;
    return ((half(0) ^ o.half(0)) | (half(8) ^ o.half(8))) == 0;
  }
  constexpr auto operator<=>(const Ipv6Address&) const = default;

 private:
  [[nodiscard]] uint64_t half(std::size_t offset) const noexcept {
    return load_unaligned<Be64>(bytes.data() + offset).host();
  }
};

inline constexpr Ipv6Address kAllNodes = Ipv6Address::of({0xff02, 0, 0, 0, 0, 0, 0, 1});
inline constexpr Ipv6Address kAllRouters = Ipv6Address::of({0xff02, 0, 0, 0, 0, 0, 0, 2});

static_assert(sizeof(MacAddress) == 6 && sizeof(Ipv4Address) == 4 && sizeof(Ipv6Address) == 16);

// RFC 4291 §2.5.5.2: ::ffff:V4.
Ipv6Address mapped(Ipv4Address address) noexcept;
// RFC 4291 §2.7.1: ff02::1:ffXX:XXXX of the last three bytes.
Ipv6Address solicited_node(const Ipv6Address& address);
// RFC 2464 §7: 33:33 and the last four bytes.
MacAddress multicast_mac(const Ipv6Address& group);
// RFC 4291 App. A: modified EUI-64 interface identifier of a MAC, host order.
uint64_t eui64_interface_id(const MacAddress& mac);

struct Ipv4Prefix {
  Ipv4Address address;  // bits after `length` are zero
  uint8_t length = 32;  // 0..32

  // "11.0.0.0/24"; a plain address is a /32. Host bits set: nullopt.
  static std::optional<Ipv4Prefix> parse(std::string_view text);
  // Cuts the host bits off.
  static Ipv4Prefix of(Ipv4Address address, uint8_t length);
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] constexpr uint32_t mask() const noexcept {
    return length == 0 ? 0 : ~uint32_t{0} << (32U - length);
  }
  [[nodiscard]] bool contains(Ipv4Address a) const noexcept { return (a.host() & mask()) == address.host(); }
  [[nodiscard]] Ipv4Address broadcast() const noexcept { return Ipv4Address(Be32(address.host() | ~mask())); }
  bool operator==(const Ipv4Prefix&) const = default;
};

struct Ipv6Prefix {
  Ipv6Address address;  // bits after `length` are zero
  uint8_t length = 128;

  static std::optional<Ipv6Prefix> parse(std::string_view text);
  static Ipv6Prefix of(const Ipv6Address& address, uint8_t length);
  [[nodiscard]] std::string to_string() const;
  [[nodiscard]] uint64_t mask_high() const noexcept {
    return length == 0 ? 0 : length >= 64 ? ~uint64_t{0} : ~uint64_t{0} << (64U - length);
  }
  [[nodiscard]] uint64_t mask_low() const noexcept {
    return length <= 64 ? 0 : length >= 128 ? ~uint64_t{0} : ~uint64_t{0} << (128U - length);
  }
  [[nodiscard]] bool contains(const Ipv6Address& a) const noexcept {
    return (a.high() & mask_high()) == address.high() && (a.low() & mask_low()) == address.low();
  }
  bool operator==(const Ipv6Prefix&) const = default;
};

inline constexpr Ipv6Prefix kEveryIpv6{{}, 0};
inline constexpr Ipv6Prefix kSixToFour{Ipv6Address::of({0x2002, 0, 0, 0, 0, 0, 0, 0}), 16};  // RFC 3056 §2
inline constexpr Ipv4Prefix kRelayAnycast{Ipv4Address::of(192, 88, 99, 0), 24};              // RFC 3068 §2.3

// RFC 3056 §2: 2002:V4ADDR::/48 and back. `six_to_four_v4` needs an address in 2002::/16.
inline bool is_six_to_four(const Ipv6Address& a) noexcept { return a.bytes[0] == 0x20 && a.bytes[1] == 0x02; }
inline Ipv4Address six_to_four_v4(const Ipv6Address& a) noexcept {
  return load_unaligned<Ipv4Address>(a.bytes.data() + 2);
}
Ipv6Prefix six_to_four_prefix(Ipv4Address v4);

}  // namespace gate41
