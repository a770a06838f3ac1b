#include "dataplane/net/flow_hash.hpp"

namespace gate41 {

void hash_flow(const HashSecret& secret, ParsedPacket& packet) noexcept {
  packet.pair_hash = pair_hash(secret, packet.v6.source, packet.v6.destination);
  const bool ports = packet.v6.security == 0;
  packet.signature = flow_signature(secret, packet.pair_hash, packet.flow_protocol(),
                                    ports ? packet.l4.source_port : uint16_t{0},
                                    ports ? packet.l4.destination_port : uint16_t{0});
}

}  // namespace gate41
