#include "control/nd/messages.hpp"

#include "control/ndwire/message.hpp"
#include "control/ndwire/options.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41::nd {
namespace {

using ndwire::Envelope;
using ndwire::Message;

constexpr uint32_t kRouterFlag = uint32_t{1} << 31U;
constexpr uint32_t kSolicitedFlag = uint32_t{1} << 30U;
constexpr uint32_t kOverrideFlag = uint32_t{1} << 29U;

Message solicitation(const Ipv6Address& target) {
  Message message(icmpv6_type::kNeighbourSolicitation);
  message.u32(0).address(target);
  return message;
}

Envelope to_group(const MacAddress& own, const Ipv6Address& source, const Ipv6Address& group) {
  return {
      .ether_source = own, .ether_destination = multicast_mac(group), .source = source, .destination = group};
}

}  // namespace

std::vector<uint8_t> multicast_solicitation(const MacAddress& own, const Ipv6Address& source,
                                            const Ipv6Address& target) {
  return solicitation(target)
      .lladdr(ndwire::option_type::kSourceLladdr, own)
      .frame(to_group(own, source, solicited_node(target)));
}

std::vector<uint8_t> unicast_solicitation(const MacAddress& own, const Ipv6Address& source,
                                          const Ipv6Address& target, const MacAddress& target_mac) {
  return solicitation(target)
      .lladdr(ndwire::option_type::kSourceLladdr, own)
      .frame({.ether_source = own, .ether_destination = target_mac, .source = source, .destination = target});
}

std::vector<uint8_t> dad_solicitation(const MacAddress& own, const Ipv6Address& target, const Nonce& nonce) {
  return solicitation(target)
      .option(ndwire::option_type::kNonce, nonce)
      .frame(to_group(own, Ipv6Address{}, solicited_node(target)));
}

std::vector<uint8_t> advertisement(const MacAddress& own, const Advertisement& fields) {
  const uint32_t flags =
      kRouterFlag | (fields.solicited ? kSolicitedFlag : 0) | (fields.override_cached ? kOverrideFlag : 0);
  return Message(icmpv6_type::kNeighbourAdvertisement)
      .u32(flags)
      .address(fields.target)
      .lladdr(ndwire::option_type::kTargetLladdr, own)
      .frame({.ether_source = own,
              .ether_destination = fields.ether_destination,
              .source = fields.source,
              .destination = fields.destination});
}

}  // namespace gate41::nd
