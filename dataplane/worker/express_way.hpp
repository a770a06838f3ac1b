// Where packets of the short way leave: an adjacency made ready once (ExpressWay), the header written, and
// what passed told to the counters once a burst.
#pragma once

#include "dataplane/worker/express.hpp"
#include "dataplane/worker/worker_state.hpp"

namespace gate41 {

// As the adjacency stands now.
[[nodiscard]] ExpressWay& express_way(AdjacencyIndex index, StageContext& context) noexcept;
// Does the packet fit, as it is?
[[nodiscard]] bool takes(const ExpressWay& way, const ExpressPacket& packet) noexcept;
// It is out of a tunnel, by its index, where it is inbound.
void count_arrival(const ExpressPacket& packet, uint16_t tunnel, StageContext& context) noexcept;
// Decrements its hop limit, puts the header in front, and puts the packet into outputs.tx.
void send_express(const ExpressPacket& packet, ExpressWay& way, StageContext& context) noexcept;
// At the end of a burst: counters, and the use of neighbours.
void settle_express(StageContext& context) noexcept;

}  // namespace gate41
