// Keys by number for tests of the flow table, and single lookups.
#pragma once

#include <cstdint>
#include <memory>

#include <rte_memory.h>

#include "dataplane/base/keyed_hash.hpp"
#include "dataplane/filter/flow_table.hpp"
#include "tests/unit/filter/site.hpp"

namespace gate41::testing {

inline FlowKey key_of(uint32_t number) {
  FlowKey key;
  key.interior = kHost;
  key.exterior = Ipv6Address::from_halves(0x2600004100000000ULL, number);
  key.interior_port = kHostPort;
  key.exterior_port = kServerPort;
  key.protocol = ip_proto::kUdp;
  return key;
}
inline uint32_t signature_of(uint32_t number) {
  return static_cast<uint32_t>(fold_multiply(number + 1, 0x9e3779b97f4a7c15ULL));
}

inline std::unique_ptr<FlowTable> make_table(const char* name, uint32_t max_flows) {
  auto table = FlowTable::create(name, max_flows, SOCKET_ID_ANY);
  return table ? std::move(*table) : nullptr;
}

inline int32_t find(FlowTable& table, uint32_t number, uint32_t signature) {
  const FlowKey key = key_of(number);
  const FlowKey* const pointer = &key;
  int32_t position = -1;
  table.lookup_bulk({&pointer, 1}, {&signature, 1}, {&position, 1});
  return position;
}
inline int32_t find(FlowTable& table, uint32_t number) { return find(table, number, signature_of(number)); }

// Inserts and gives it a state and a timer.
inline int32_t add(FlowTable& table, uint32_t number, TimePoint now, FlowState state, uint32_t seconds) {
  const int32_t position = table.insert(key_of(number), signature_of(number), now);
  if (position < 0) return position;
  table.entry(position).state = state;
  table.entry(position).expires = coarse_seconds(now) + seconds;
  table.refile(position, now);
  return position;
}

}  // namespace gate41::testing
