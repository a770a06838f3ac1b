// OperatorView: the way of the next packets.
#include <algorithm>
#include <fmt/format.h>

#include "control/daemon/operator_view.hpp"

namespace gate41 {
namespace {

TraceNames names_of(const Snapshot& snapshot, const config::Config& config) {
  TraceNames names;
  for (const Link& link : snapshot.links) names.links.push_back(link.name);
  for (const config::Tunnel& tunnel : config.tunnels) names.tunnels.push_back(tunnel.name);
  return names;
}

}  // namespace

Result<uint64_t> OperatorView::start_trace(const op::TraceRequest& request, op::Stream stream) {
  TraceNames names = names_of(daemon_.dataplane().snapshot(), daemon_.config());
  std::optional<uint16_t> link;
  if (!request.on.empty()) {
    const auto found = std::ranges::find(names.links, request.on);
    if (found == names.links.end())
      return fail(
          fmt::format("there is no port `{}`; allowed: {}", request.on, fmt::join(names.links, ", ")));
    link = static_cast<uint16_t>(found - names.links.begin());
  }
  return daemon_.traces().start(request, link, std::move(names), std::move(stream), gate41::now());
}

}  // namespace gate41
