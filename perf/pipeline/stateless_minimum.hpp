// StatelessMinimum: the least that a 6to4 relay has to do, as a yardstick: fields at fixed offsets, the
// site's IPv4 address out of its IPv6 one, the header in front of the packet; on the way back the outer
// checksum, and that the site is the one that its address names. It looks at nothing that it need not: no
// routes, no forbidden addresses, no MTU. Frames are untagged Ethernet with IPv6, or with IPv6 in IPv4
// without options.
//
// Its instructions are pinned: who changes it changes what everything else is compared with.
#pragma once

#include <span>

#include "perf/pipeline/outer_template.hpp"

namespace gate41::perf {

class StatelessMinimum {
 public:
  // `outer`: to 0.0.0.0.
  StatelessMinimum(const OuterTemplate& outer, const EthernetWay& native) : outer_(outer), native_(native) {}

  // In place.
  void encapsulate(std::span<rte_mbuf* const> frames) noexcept;
  void decapsulate(std::span<rte_mbuf* const> frames) noexcept;

 private:
  OuterTemplate outer_;
  EthernetWay native_;
  uint16_t next_id_ = 0;
};

}  // namespace gate41::perf
