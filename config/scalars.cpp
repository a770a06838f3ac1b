#include "config/scalars.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "dataplane/net/headers.hpp"
#include "dataplane/net/protocol_name.hpp"

namespace gate41::config {
namespace {

struct Unit {
  std::string_view name;
  uint64_t factor;
};
// Largest first; duration_text prints the first that fits.
constexpr std::array kTimeUnits{Unit{"h", 3'600'000}, Unit{"min", 60'000}, Unit{"m", 60'000}, Unit{"s", 1000},
                                Unit{"ms", 1}};
constexpr std::array kSizeUnits{Unit{"G", uint64_t{1} << 30U}, Unit{"M", uint64_t{1} << 20U},
                                Unit{"k", uint64_t{1} << 10U}};

bool in_range(const Key& key, uint64_t value) { return value >= key.min && value <= key.max; }

// A whole number with one of `units` behind it.
template <typename Units>
Wrong with_unit(std::string_view text, const Units& units, Wrong no_unit, uint64_t& out) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  uint64_t number = 0;
  if (const Wrong wrong = parse_integer(text.substr(0, digits), number)) return wrong;
  const std::string_view name = text.substr(digits);
  const auto* unit = std::find_if(units.begin(), units.end(), [&](const Unit& u) { return u.name == name; });
  if (unit == units.end()) return no_unit;
  if (number > std::numeric_limits<uint64_t>::max() / unit->factor) return "is out of range";
  out = number * unit->factor;
  return nullptr;
}

// What the parser goes through: it never is a packet's protocol.
bool is_extension_header(uint8_t protocol) {
  return protocol == ip_proto::kHopByHop || protocol == ip_proto::kRouting ||
         protocol == ip_proto::kFragment || protocol == ip_proto::kDestinationOptions;
}

}  // namespace

std::string duration_text(uint64_t milliseconds) {
  for (const Unit& unit : kTimeUnits)
    if (milliseconds >= unit.factor && milliseconds % unit.factor == 0)
      return std::to_string(milliseconds / unit.factor) + std::string(unit.name);
  return "0s";
}

Wrong parse_integer(std::string_view text, uint64_t& out) {
  const bool digits = !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
  // 010 is eight to some readers of YAML and ten to others.
  if (!digits || (text.size() > 1 && text[0] == '0')) return "is not a whole number";
  const auto result = std::from_chars(text.data(), text.data() + text.size(), out);
  return result.ec == std::errc() ? nullptr : "is out of range";
}

Wrong integer_in_range(std::string_view text, const Key& key, uint64_t& out) {
  uint64_t value = 0;
  if (const Wrong wrong = parse_integer(text, value)) return wrong;
  if (!in_range(key, value)) return "is out of range";
  out = value;
  return nullptr;
}

Wrong duration_in_range(std::string_view text, const Key& key, uint64_t& milliseconds) {
  uint64_t value = 0;
  if (const Wrong wrong = with_unit(text, kTimeUnits, "needs a unit (ms, s, min, h)", value)) return wrong;
  if (!in_range(key, value)) return "is out of range";
  milliseconds = value;
  return nullptr;
}

Wrong from_text(std::string_view text, const Key& key, std::string& out) {
  if (key.check != nullptr)
    if (const Wrong wrong = key.check(text)) return wrong;
  out = text;
  return nullptr;
}

Wrong from_text(std::string_view text, const Key& key, Milliseconds& out) {
  uint64_t value = 0;
  if (const Wrong wrong = duration_in_range(text, key, value)) return wrong;
  out = Milliseconds(value);
  return nullptr;
}

Wrong from_text(std::string_view text, const Key& key, Seconds& out) {
  uint64_t value = 0;
  if (const Wrong wrong = duration_in_range(text, key, value)) return wrong;
  if (value % 1000 != 0) return "is not a whole number of seconds";
  out = Seconds(value / 1000);
  return nullptr;
}

Wrong from_text(std::string_view text, const Key& key, std::optional<uint64_t>& size) {
  if (text == "auto") return nullptr;
  uint64_t value = 0;
  if (const Wrong wrong = with_unit(text, kSizeUnits, "needs a unit (k, M, G)", value)) return wrong;
  if (!in_range(key, value)) return "is out of range";
  size = value;
  return nullptr;
}

Wrong from_text(std::string_view text, const Key& /*key*/, Ipv4Address& out) {
  const auto address = Ipv4Address::parse(text);
  if (!address) return "is not an IPv4 address";
  out = *address;
  return nullptr;
}

Wrong from_text(std::string_view text, const Key& key, std::optional<Ipv4Address>& out) {
  Ipv4Address address;
  if (const Wrong wrong = from_text(text, key, address)) return wrong;
  out = address;
  return nullptr;
}

Wrong from_text(std::string_view text, const Key& /*key*/, std::optional<MacAddress>& out) {
  const auto address = MacAddress::parse(text);
  if (!address) return "is not a MAC address";
  if (address->is_multicast() || address->is_zero()) return "is no single machine's";
  out = address;
  return nullptr;
}

Wrong from_text(std::string_view text, const Key& /*key*/, Ipv6Address& out) {
  const auto address = Ipv6Address::parse(text);
  if (!address) return "is not an IPv6 address";
  out = *address;
  return nullptr;
}

Wrong from_text(std::string_view text, const Key& key, std::optional<Ipv6Address>& out) {
  Ipv6Address address;
  if (const Wrong wrong = from_text(text, key, address)) return wrong;
  out = address;
  return nullptr;
}

Wrong from_text(std::string_view text, const Key& /*key*/, Ipv6Prefix& out) {
  const auto prefix = Ipv6Prefix::parse(text);
  if (!prefix) return "is not an IPv6 prefix with its host bits zero";
  out = *prefix;
  return nullptr;
}

Wrong from_text(std::string_view text, const Key& /*key*/, Ipv4Prefix& out) {
  const auto prefix = Ipv4Prefix::parse(text);
  if (!prefix) return "is not an IPv4 prefix (address/length, no bits behind the length)";
  out = *prefix;
  return nullptr;
}

Wrong from_text(std::string_view text, const Key& /*key*/, AddressInSubnet out) {
  const std::size_t slash = text.find('/');
  const auto address = Ipv4Address::parse(text.substr(0, slash));
  uint64_t length = 0;
  if (!address) return "is not an IPv4 address";
  if (slash == std::string_view::npos) return "has no length of the subnet";
  if (parse_integer(text.substr(slash + 1), length) != nullptr || length < 1 || length > 32)
    return "has no good length of the subnet";
  out.address = *address;
  out.subnet = Ipv4Prefix::of(*address, static_cast<uint8_t>(length));
  return nullptr;
}

Wrong from_text(std::string_view text, const Key& /*key*/, AddressAndLength out) {
  const std::size_t slash = text.find('/');
  const auto address = Ipv6Address::parse(text.substr(0, slash));
  uint64_t length = 0;
  if (!address) return "is not an IPv6 address";
  if (slash == std::string_view::npos) return "has no length of the subnet";
  if (parse_integer(text.substr(slash + 1), length) != nullptr || length < 1 || length > 127)
    return "has no good length of the subnet";
  out.address = *address;
  out.length = static_cast<uint8_t>(length);
  return nullptr;
}

Wrong from_text(std::string_view text, const Key& key, DscpOrCopy out) {
  if (text == "auto") return nullptr;
  if (text != "copy")
    if (const Wrong wrong = from_text(text, key, out.dscp)) return wrong;
  out.copy = text == "copy";
  out.by_mode = false;
  return nullptr;
}

Wrong from_text(std::string_view text, const Key& key, MtuOrAuto out) {
  if (text != "auto") return from_text(text, key, out.mtu);
  out.automatic = true;
  return nullptr;
}

Wrong from_text(std::string_view text, const Key& key, PortRange out) {
  const std::size_t dash = text.find('-');
  uint16_t first = 0;
  uint16_t last = 0;
  if (const Wrong wrong = from_text(text.substr(0, dash), key, first)) return wrong;
  if (dash == std::string_view::npos) {
    last = first;
  } else if (const Wrong wrong = from_text(text.substr(dash + 1), key, last)) {
    return wrong;
  }
  if (last < first) return "ends before it begins";
  out.first = first;
  out.last = last;
  return nullptr;
}

Wrong from_text(std::string_view text, const Key& /*key*/, InterfaceId out) {
  const auto address = Ipv6Address::parse(text);
  if (!address) return "is not an interface identifier";
  if (address->high() != 0) return "has bits in its upper half";
  if (address->low() == 0) return "is zero, the address of all routers";
  out.value = address->low();
  return nullptr;
}

Wrong from_text(std::string_view text, const Key& key, HostAddress out) {
  Ipv6Address address;
  if (const Wrong wrong = from_text(text, key, address)) return wrong;
  const bool special = address.is_multicast() || address.is_link_local() || address.low() == 0 ||
                       (address.high() == 0 && address.low() == 1);
  if (special) return "is no host's address in a prefix";
  out.value = address;
  return nullptr;
}

Wrong from_text(std::string_view text, const Key& /*key*/, ProtocolNumber out) {
  const auto protocol = text == "echo" ? ip_proto::kIcmpv6 : protocol_named(text);
  if (!protocol) return "is unknown";
  if (is_extension_header(*protocol)) return "is an extension header";
  if (*protocol == ip_proto::kIcmp || (*protocol == ip_proto::kIcmpv6 && text != "echo")) return "is unknown";
  out.value = *protocol;
  return nullptr;
}

Wrong from_text(std::string_view text, const Key& key, FlowLimit out) {
  return text == "auto" ? nullptr : from_text(text, key, out.value);
}

Wrong from_text(std::string_view text, const Key& key, RateOrOff out) {
  out.value = 0;
  return text == "off" ? nullptr : from_text(text, key, out.value);
}

Wrong from_text(std::string_view text, const Key& /*key*/, AutoFlag out) {
  if (text != "auto" && text != "true" && text != "false") return "is unknown";
  if (text != "auto") out.value = text == "true";
  if (out.automatic != nullptr) *out.automatic = text == "auto";
  return nullptr;
}

std::string to_text(const std::string& value) { return value; }
std::string to_text(Milliseconds value) { return std::to_string(value.count()); }
std::string to_text(Seconds value) { return std::to_string(value.count()); }
std::string to_text(const std::optional<uint64_t>& size) { return size ? std::to_string(*size) : "auto"; }
std::string to_text(const Ipv4Address& value) { return value.to_string(); }
std::string to_text(const std::optional<Ipv4Address>& value) { return value ? value->to_string() : "none"; }
std::string to_text(const std::optional<MacAddress>& value) { return value ? value->to_string() : "none"; }
std::string to_text(const Ipv6Address& value) { return value.to_string(); }
std::string to_text(const std::optional<Ipv6Address>& value) { return value ? value->to_string() : "none"; }
std::string to_text(const Ipv4Prefix& value) { return value.to_string(); }
std::string to_text(const Ipv6Prefix& value) { return value.to_string(); }
std::string to_text(AddressInSubnet value) {
  return value.address.to_string() + "/" + std::to_string(value.subnet.length);
}
std::string to_text(AddressAndLength value) {
  return value.address.to_string() + "/" + std::to_string(value.length);
}
std::string to_text(DscpOrCopy value) {
  if (value.by_mode) return "auto";
  return value.copy ? "copy" : std::to_string(value.dscp);
}
std::string to_text(MtuOrAuto value) { return value.automatic ? "auto" : std::to_string(value.mtu); }
std::string to_text(PortRange value) {
  return std::to_string(value.first) + "-" + std::to_string(value.last);
}
std::string to_text(InterfaceId value) { return std::to_string(value.value); }
std::string to_text(HostAddress value) { return to_text(value.value); }
std::string to_text(ProtocolNumber value) { return std::to_string(value.value); }
std::string to_text(FlowLimit value) { return std::to_string(value.value); }
std::string to_text(RateOrOff value) { return value.value == 0 ? "off" : std::to_string(value.value); }
std::string to_text(AutoFlag value) {
  if (value.automatic != nullptr && *value.automatic) return "auto";
  return value.value ? "true" : "false";
}

}  // namespace gate41::config
