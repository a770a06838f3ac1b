#include "dataplane/filter/flow_key.hpp"

#include "dataplane/filter/icmpv6_class.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41 {
namespace {

bool is_icmpv6_but_no_echo(const Layer4Fields& l4) noexcept {
  return l4.protocol == ip_proto::kIcmpv6 && !is_echo(class_of_icmpv6(l4.icmp_type));
}

}  // namespace

FlowKey flow_key(const ParsedPacket& packet, Direction direction) noexcept {
  const bool outbound = direction == Direction::outbound;
  const Layer4Fields& l4 = packet.l4;
  FlowKey key;
  key.interior = outbound ? packet.v6.source : packet.v6.destination;
  key.exterior = outbound ? packet.v6.destination : packet.v6.source;
  key.protocol = packet.flow_protocol();
  if (packet.v6.security != 0) return key;
  key.interior_port = outbound ? l4.source_port : l4.destination_port;
  key.exterior_port = outbound ? l4.destination_port : l4.source_port;
  if (is_icmpv6_but_no_echo(l4)) key.exterior_port = 1;
  return key;
}

FlowKey quoted_flow_key(const ParsedPacket& quote, Direction error_direction) noexcept {
  return flow_key(quote, opposite(error_direction));
}

}  // namespace gate41
