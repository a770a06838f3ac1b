// OperatorView: the sampled log of drops.
#include <fmt/core.h>

#include "control/daemon/operator_view.hpp"

namespace gate41 {

Result<op::Json> OperatorView::drops(const std::string& reason, std::size_t most) {
  const std::optional<DropReason> wanted = drop_reason_named(reason);
  if (!reason.empty() && !wanted)
    return fail(fmt::format("there is no reason `{}`; `gate41 counters --all` lists them", reason));
  daemon_.collect_drops();
  const TimePoint now = gate41::now();
  op::Json rows = op::Json::array();
  for (const DropSample& sample : daemon_.drops().last(wanted, most))
    rows.push_back(drop_row(sample, daemon_.links(), now));
  return op::Json{{"drops", rows}, {"missed", daemon_.dataplane().drop_samples_missed()}};
}

}  // namespace gate41
