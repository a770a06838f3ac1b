// Single values: from the text in the file, and back to one text for comparing. One pair of functions a type;
// from_text says what is wrong, or nullptr, and leaves `out` alone when something is.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "config/keys.hpp"
#include "config/model.hpp"

namespace gate41::config {

// Views of model fields that share one key.
struct AddressInSubnet {  // wan.ipv4.address
  Ipv4Prefix& subnet;
  Ipv4Address& address;
};
struct AddressAndLength {  // relay.native.address
  Ipv6Address& address;
  uint8_t& length;
};
struct DscpOrCopy {
  bool& by_mode;
  bool& copy;
  uint8_t& dscp;
};
struct MtuOrAuto {
  bool& automatic;
  uint16_t& mtu;
};
struct PortRange {
  uint16_t& first;
  uint16_t& last;
};
struct InterfaceId {
  uint64_t& value;
};
struct HostAddress {
  std::optional<Ipv6Address>& value;
};
struct ProtocolNumber {
  uint8_t& value;
};
struct FlowLimit {
  uint32_t& value;  // 0 = auto
};
struct RateOrOff {
  uint32_t& value;  // 0 = off
};
struct AutoFlag {
  bool& value;
  bool* automatic;  // may be nullptr: then auto only leaves the default
};

// "250ms", "30s", "10min": the largest unit that leaves no rest.
[[nodiscard]] std::string duration_text(uint64_t milliseconds);

Wrong parse_integer(std::string_view text, uint64_t& out);
Wrong integer_in_range(std::string_view text, const Key& key, uint64_t& out);
Wrong duration_in_range(std::string_view text, const Key& key, uint64_t& milliseconds);

template <std::unsigned_integral T>
Wrong from_text(std::string_view text, const Key& key, T& out) {
  uint64_t value = 0;
  if (const Wrong wrong = integer_in_range(text, key, value)) return wrong;
  out = static_cast<T>(value);
  return nullptr;
}
template <std::unsigned_integral T>
std::string to_text(const T& value) {
  return std::to_string(value);
}

Wrong from_text(std::string_view text, const Key& key, std::string& out);
Wrong from_text(std::string_view text, const Key& key, Milliseconds& out);
Wrong from_text(std::string_view text, const Key& key, Seconds& out);
Wrong from_text(std::string_view text, const Key& key, std::optional<uint64_t>& size);
Wrong from_text(std::string_view text, const Key& key, Ipv4Address& out);
Wrong from_text(std::string_view text, const Key& key, std::optional<Ipv4Address>& out);
Wrong from_text(std::string_view text, const Key& key, std::optional<MacAddress>& out);
Wrong from_text(std::string_view text, const Key& key, Ipv6Address& out);
Wrong from_text(std::string_view text, const Key& key, std::optional<Ipv6Address>& out);
Wrong from_text(std::string_view text, const Key& key, Ipv4Prefix& out);
Wrong from_text(std::string_view text, const Key& key, Ipv6Prefix& out);
Wrong from_text(std::string_view text, const Key& key, AddressInSubnet out);
Wrong from_text(std::string_view text, const Key& key, AddressAndLength out);
Wrong from_text(std::string_view text, const Key& key, DscpOrCopy out);
Wrong from_text(std::string_view text, const Key& key, MtuOrAuto out);
Wrong from_text(std::string_view text, const Key& key, PortRange out);
Wrong from_text(std::string_view text, const Key& key, InterfaceId out);
Wrong from_text(std::string_view text, const Key& key, HostAddress out);
Wrong from_text(std::string_view text, const Key& key, ProtocolNumber out);
Wrong from_text(std::string_view text, const Key& key, FlowLimit out);
Wrong from_text(std::string_view text, const Key& key, RateOrOff out);
Wrong from_text(std::string_view text, const Key& key, AutoFlag out);

std::string to_text(const std::string& value);
std::string to_text(Milliseconds value);
std::string to_text(Seconds value);
std::string to_text(const std::optional<uint64_t>& size);
std::string to_text(const Ipv4Address& value);
std::string to_text(const std::optional<Ipv4Address>& value);
std::string to_text(const std::optional<MacAddress>& value);
std::string to_text(const Ipv6Address& value);
std::string to_text(const std::optional<Ipv6Address>& value);
std::string to_text(const Ipv4Prefix& value);
std::string to_text(const Ipv6Prefix& value);
std::string to_text(AddressInSubnet value);
std::string to_text(AddressAndLength value);
std::string to_text(DscpOrCopy value);
std::string to_text(MtuOrAuto value);
std::string to_text(PortRange value);
std::string to_text(InterfaceId value);
std::string to_text(HostAddress value);
std::string to_text(ProtocolNumber value);
std::string to_text(FlowLimit value);
std::string to_text(RateOrOff value);
std::string to_text(AutoFlag value);

}  // namespace gate41::config
