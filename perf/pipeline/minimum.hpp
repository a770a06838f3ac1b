// Minimum: the least that a stateful router of this kind has to do, as a yardstick: fields at fixed offsets,
// the keyed hash, one bulk lookup in the flow table, the flow's line read and written, the header in front of
// the packet. It looks at nothing that it need not: no MTU, no source, no extension headers, no state beyond
// UDP's. Frames are untagged Ethernet with UDP in IPv6, or in IPv6 in IPv4 without options.
//
// Its instructions are pinned: who changes it changes what everything else is compared with.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "dataplane/filter/flow_table.hpp"
#include "perf/pipeline/outer_template.hpp"

namespace gate41::perf {

// Of the flow table, under the keyed hash.
[[nodiscard]] uint32_t signature_of(const HashSecret& secret, const FlowKey& key) noexcept;

class Minimum {
 public:
  // For at most so many flows; they leave by `outer`, or to the LAN host with the number in their entry.
  Minimum(uint32_t flows, const OuterTemplate& outer, std::vector<EthernetWay> hosts);

  // An established flow.
  void open(const FlowKey& key, uint32_t host, TimePoint now);
  // At most kBulk frames of flows that are open. In place.
  void encapsulate(std::span<rte_mbuf* const> frames, TimePoint now) noexcept;
  void decapsulate(std::span<rte_mbuf* const> frames, TimePoint now) noexcept;
  // The same as encapsulate(), of flows that are not there: each is inserted, and filed as unanswered.
  void open_and_encapsulate(std::span<rte_mbuf* const> frames, TimePoint now) noexcept;
  [[nodiscard]] FlowTable& flows() noexcept { return *flows_; }

 private:
  void leave(std::span<rte_mbuf* const> frames, const int32_t* positions, TimePoint now) noexcept;

  std::unique_ptr<FlowTable> flows_;
  HashSecret secret_;
  OuterTemplate outer_;
  std::vector<EthernetWay> hosts_;
  uint16_t next_id_ = 0;
};

}  // namespace gate41::perf
