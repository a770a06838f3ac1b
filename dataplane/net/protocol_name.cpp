#include "dataplane/net/protocol_name.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "dataplane/net/headers.hpp"

namespace gate41 {
namespace {

struct Named {
  std::string_view name;
  uint8_t protocol;
};
constexpr std::array kNames{
    Named{"tcp", ip_proto::kTcp},          Named{"udp", ip_proto::kUdp},   Named{"icmp", ip_proto::kIcmp},
    Named{"icmpv6", ip_proto::kIcmpv6},    Named{"sctp", ip_proto::kSctp}, Named{"dccp", ip_proto::kDccp},
    Named{"udp-lite", ip_proto::kUdpLite}, Named{"esp", ip_proto::kEsp},   Named{"ah", ip_proto::kAh},
    Named{"hip", ip_proto::kHip},
};

}  // namespace

std::string protocol_name(uint8_t protocol) {
  const auto* named = std::ranges::find(kNames, protocol, &Named::protocol);
  return named == kNames.end() ? std::to_string(protocol) : std::string(named->name);
}

std::optional<uint8_t> protocol_named(std::string_view text) {
  const auto* named = std::ranges::find(kNames, text, &Named::name);
  if (named != kNames.end()) return named->protocol;
  uint8_t number = 0;
  const char* end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number);
  return read.ec == std::errc() && read.ptr == end ? std::optional(number) : std::nullopt;
}

bool has_ports(uint8_t protocol) noexcept {
  return protocol == ip_proto::kTcp || protocol == ip_proto::kUdp || protocol == ip_proto::kUdpLite ||
         protocol == ip_proto::kSctp || protocol == ip_proto::kDccp;
}

}  // namespace gate41
