#include "control/ra/encode.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

#include "control/ndwire/message.hpp"
#include "control/ndwire/options.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41::ra {
namespace {

using ndwire::Message;
namespace option_type = ndwire::option_type;

constexpr uint8_t kOnLink = 0x80;
constexpr uint8_t kAutonomous = 0x40;
constexpr std::size_t kMaxLabel = 63;  // RFC 1035 §2.3.4
constexpr std::size_t kMaxName = 255;
// Of one option's data, so that any option fits into the smallest link MTU together with the header.
constexpr std::size_t kMaxOptionData = 1022;

struct Option {
  uint8_t type;
  std::vector<uint8_t> data;
  [[nodiscard]] std::size_t size() const { return (2 + data.size() + 7) / 8 * 8; }
};

// RFC 4191 §2.2: bits 4 and 3 of the flags.
uint8_t preference_bits(Preference preference) {
  switch (preference) {
    case Preference::high:
      return 0b01U << 3U;
    case Preference::medium:
      return 0b00U << 3U;
    case Preference::low:
      return 0b11U << 3U;
  }
  return 0;
}

uint32_t wire(std::chrono::seconds lifetime) { return static_cast<uint32_t>(lifetime.count()); }

Option mtu_option(uint16_t mtu) {
  std::vector<uint8_t> data(6);
  Writer writer(data);
  writer.u16(0);
  writer.u32(mtu);
  return {option_type::kMtu, data};
}

Option prefix_option(const PrefixInformation& prefix) {
  std::vector<uint8_t> data(30);
  Writer writer(data);
  writer.u8(prefix.prefix.length);
  writer.u8(static_cast<uint8_t>(kOnLink | (prefix.autonomous() ? kAutonomous : 0)));
  writer.u32(wire(prefix.valid));
  writer.u32(wire(prefix.preferred));
  writer.u32(0);
  writer.write(prefix.prefix.address);
  return {option_type::kPrefixInformation, data};
}

// RFC 4191 §2.3: as much of the prefix as its length needs, in units of 8 bytes.
Option route_option(const RouteInformation& route, Preference preference) {
  const std::size_t bytes = (route.prefix.length + 63U) / 64U * 8U;
  std::vector<uint8_t> data(6 + bytes);
  Writer writer(data);
  writer.u8(route.prefix.length);
  writer.u8(preference_bits(preference));
  writer.u32(wire(route.lifetime));
  writer.bytes(Bytes(route.prefix.address.bytes).first(bytes));
  return {option_type::kRouteInformation, data};
}

// RFC 1035 §3.1, uncompressed; nullopt for what is no domain name.
std::optional<std::vector<uint8_t>> encode_name(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  std::vector<uint8_t> out;
  while (!name.empty()) {
    const std::string_view label = name.substr(0, name.find('.'));
    if (label.empty() || label.size() > kMaxLabel) return std::nullopt;
    out.push_back(static_cast<uint8_t>(label.size()));
    out.insert(out.end(), label.begin(), label.end());
    name.remove_prefix(std::min(label.size() + 1, name.size()));
  }
  out.push_back(0);
  return out.size() > 1 && out.size() <= kMaxName ? std::optional(out) : std::nullopt;
}

// RDNSS and DNSSL alike: reserved, lifetime, then as many whole items as one option takes.
void add_dns_options(uint8_t type, std::chrono::seconds lifetime,
                     const std::vector<std::vector<uint8_t>>& items, std::vector<Option>& options) {
  std::vector<uint8_t> start(6);
  Writer writer(start);
  writer.u16(0);
  writer.u32(wire(lifetime));
  bool full = true;
  for (const auto& item : items) {
    full = full || options.back().data.size() + item.size() > kMaxOptionData;
    if (full) options.push_back({type, start});
    full = false;
    auto& data = options.back().data;
    data.insert(data.end(), item.begin(), item.end());
  }
}

void add_dns(const DnsInformation& dns, std::vector<Option>& options) {
  std::vector<std::vector<uint8_t>> servers;
  for (const Ipv6Address& server : dns.servers)
    servers.emplace_back(server.bytes.begin(), server.bytes.end());
  std::vector<std::vector<uint8_t>> domains;
  for (const std::string& domain : dns.domains)
    if (const auto name = encode_name(domain)) domains.push_back(*name);
  add_dns_options(option_type::kRdnss, dns.lifetime, servers, options);
  add_dns_options(option_type::kDnssl, dns.lifetime, domains, options);
}

std::vector<Option> options_of(const Advertisement& advertisement) {
  std::vector<Option> options;
  const auto& mac = advertisement.mac.bytes;
  options.push_back({option_type::kSourceLladdr, {mac.begin(), mac.end()}});
  options.push_back(mtu_option(advertisement.mtu));
  for (const PrefixInformation& prefix : advertisement.prefixes) options.push_back(prefix_option(prefix));
  for (const RouteInformation& route : advertisement.routes)
    options.push_back(route_option(route, advertisement.preference));
  for (const DnsInformation& dns : advertisement.dns) add_dns(dns, options);
  return options;
}

Message header_of(const Advertisement& advertisement) {
  const bool is_default = advertisement.router_lifetime > std::chrono::seconds(0);
  const uint8_t flags = is_default ? preference_bits(advertisement.preference) : uint8_t{0};  // H20
  Message message(icmpv6_type::kRouterAdvertisement);
  message.u8(kHopLimit).u8(flags).u16(static_cast<uint16_t>(advertisement.router_lifetime.count()));
  return message.u32(0).u32(0);
}

}  // namespace

std::vector<std::vector<uint8_t>> encode(const Advertisement& advertisement, const Host& from, const Host& to,
                                         uint16_t link_mtu) {
  const std::size_t room = std::max(link_mtu, kMinIpv6Mtu) - sizeof(Ipv6Header);
  const ndwire::Envelope envelope{from.mac, to.mac, from.address, to.address};
  std::vector<std::vector<uint8_t>> frames;
  Message message = header_of(advertisement);
  for (const Option& option : options_of(advertisement)) {
    if (message.size() + option.size() > room) {
      frames.push_back(message.frame(envelope));
      message = header_of(advertisement);
    }
    message.option(option.type, option.data);
  }
  frames.push_back(message.frame(envelope));
  return frames;
}

std::vector<uint8_t> encode_solicitation(const MacAddress& mac) {
  Message message(icmpv6_type::kRouterSolicitation);
  message.u32(0);
  return message.frame({mac, multicast_mac(kAllRouters), Ipv6Address{}, kAllRouters});
}

Host all_nodes() { return {kAllNodes, multicast_mac(kAllNodes)}; }

}  // namespace gate41::ra
