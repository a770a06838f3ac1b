#include "control/nd/tunnel_answer.hpp"

#include <algorithm>

#include "control/ndwire/message.hpp"
#include "control/ndwire/received.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41::nd {
namespace {

bool is_sent_to(const Ipv6Address& destination, const Ipv6Address& target) {
  return destination == target || destination == solicited_node(target);
}

// Without the override flag, as it goes without a link-layer address (RFC 4861 §7.2.4).
std::vector<uint8_t> confirmation(const Ipv6Address& target, const Ipv6Address& asker) {
  constexpr uint32_t kFlags = ndwire::advertisement_flag::kRouter | ndwire::advertisement_flag::kSolicited;
  return ndwire::Message(icmpv6_type::kNeighbourAdvertisement)
      .u32(kFlags << 24U)
      .address(target)
      .packet(target, asker);
}

}  // namespace

std::optional<std::vector<uint8_t>> tunnel_answer(Bytes ipv6, std::span<const Ipv6Address> own) {
  const auto received = ndwire::read_nd_packet(ipv6);
  if (!received || received->type != icmpv6_type::kNeighbourSolicitation) return std::nullopt;
  if (received->source.is_unspecified()) return std::nullopt;
  Reader fields = received->fields();
  fields.skip(4);  // reserved
  const auto target = fields.read<Ipv6Address>();
  if (std::ranges::find(own, target) == own.end() || !is_sent_to(received->destination, target))
    return std::nullopt;
  return confirmation(target, received->source);
}

}  // namespace gate41::nd
