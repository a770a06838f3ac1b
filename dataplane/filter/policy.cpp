#include "dataplane/filter/policy.hpp"

#include "dataplane/filter/endpoint_table.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41 {
namespace {

constexpr uint16_t kIkePort = 500;  // RFC 6092 REC-24

bool is_echo_key(const FlowKey& key) noexcept {
  return key.protocol == ip_proto::kIcmpv6 && key.interior_port == key.exterior_port;
}

bool has_pinhole(const FlowKey& key, const Policy& policy) noexcept {
  const bool icmp = key.protocol == ip_proto::kIcmpv6;
  const uint16_t port = icmp ? uint16_t{0} : key.interior_port;
  return (!icmp || is_echo_key(key)) &&
         policy.inbound.find(InboundQuestion{key.interior, key.exterior, key.protocol, port}).rule != nullptr;
}

// RFC 6092 REC-21, REC-22, REC-24, REC-26.
bool is_security_protocol(const FlowKey& key) noexcept {
  switch (key.protocol) {
    case ip_proto::kAh:
    case ip_proto::kEsp:
    case ip_proto::kHip:
      return true;
    case ip_proto::kUdp:
      return key.interior_port == kIkePort;
    default:
      return false;
  }
}

bool endpoint_opens(const FlowKey& key, const Policy& policy, const EndpointTable* endpoints) noexcept {
  return policy.endpoint_independent && endpoints != nullptr && has_endpoint(key) && endpoints->is_open(key);
}

bool profile_opens(const FlowKey& key, const Policy& policy) noexcept {
  if (is_echo_key(key)) return policy.allow_echo;
  switch (policy.profile) {
    case Profile::strict:
      return false;
    case Profile::simple_security:
      return is_security_protocol(key);
    case Profile::transparent:
      return true;
  }
  return false;
}

}  // namespace

bool opens_inbound(const FlowKey& key, const Policy& policy, const EndpointTable* endpoints) noexcept {
  return profile_opens(key, policy) || has_pinhole(key, policy) || endpoint_opens(key, policy, endpoints);
}

bool is_rated_echo(const FlowKey& key, const Policy& policy) noexcept {
  return policy.profile == Profile::simple_security && policy.allow_echo && is_echo_key(key) &&
         !has_pinhole(key, policy);
}

}  // namespace gate41
