// A traced packet as a row for operators: every stage that it came to, in order, and what it met there. Pure.
#pragma once

#include "control/operator/view.hpp"
#include "dataplane/worker/snapshot.hpp"
#include "dataplane/worker/tracer.hpp"

namespace gate41 {

// What the indices of a record mean.
struct TraceNames {
  std::vector<std::string> links;
  std::vector<std::string> tunnels;
};

// {"packet":number,"worker","source","destination" (IPv6, else IPv4, else
// null),"proto","source_port","destination_port",
//  "icmp_type","length","steps":[{"stage","verdict":"ok|drop|to control|handed over","sentence"}],"reason":
//  of a drop, or null}
[[nodiscard]] op::Json trace_row(const TraceRecord& record, const TraceNames& names, unsigned worker,
                                 uint64_t number);

}  // namespace gate41
