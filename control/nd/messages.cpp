#include "control/nd/messages.hpp"

#include "control/ndwire/message.hpp"
#include "control/ndwire/options.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41::nd {
namespace {

using ndwire::Envelope;
using ndwire::Message;

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
  namespace flag = ndwire::advertisement_flag;
  const uint32_t flags = flag::kRouter | (fields.solicited ? flag::kSolicited : 0U) |
                         (fields.override_cached ? flag::kOverride : 0U);
  return Message(icmpv6_type::kNeighbourAdvertisement)
      .u32(flags << 24U)
      .address(fields.target)
      .lladdr(ndwire::option_type::kTargetLladdr, own)
      .frame({.ether_source = own,
              .ether_destination = fields.ether_destination,
              .source = fields.source,
              .destination = fields.destination});
}

}  // namespace gate41::nd
