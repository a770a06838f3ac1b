#include "control/daemon/drop_history.hpp"

#include <algorithm>

#include "dataplane/net/headers.hpp"
#include "dataplane/net/protocol_name.hpp"

namespace gate41 {
namespace {

template <typename Address>
op::Json ends(bool known, const Address& source, const Address& destination) {
  if (!known) return {};
  return {{"source", source.to_string()}, {"destination", destination.to_string()}};
}

bool is_icmp(const DropSample& sample) {
  return sample.protocol == (sample.has_v6 ? ip_proto::kIcmpv6 : ip_proto::kIcmp);
}

}  // namespace

void DropHistory::add(const DropSample& sample) {
  samples_.push_back(sample);
  if (samples_.size() > kKept) samples_.pop_front();
}

std::vector<DropSample> DropHistory::last(std::optional<DropReason> reason, std::size_t most) const {
  std::vector<DropSample> found;
  for (auto sample = samples_.rbegin(); sample != samples_.rend(); ++sample) {
    if (most != 0 && found.size() == most) break;
    if (!reason || sample->reason == *reason) found.push_back(*sample);
  }
  std::ranges::reverse(found);
  return found;
}

std::optional<DropReason> drop_reason_named(std::string_view name) {
  const auto* found = std::ranges::find(kDropReasons, name, &DropReasonText::name);
  if (found == kDropReasons.end()) return std::nullopt;
  return static_cast<DropReason>(found - kDropReasons.begin());
}

op::Json drop_row(const DropSample& sample, const std::vector<Link>& links, TimePoint now) {
  const bool named = sample.protocol != 0;
  const bool icmp = sample.has_l4 && is_icmp(sample);
  const bool ports = sample.has_l4 && !icmp;
  return {{"ago", std::chrono::duration<double>(now - sample.time).count()},
          {"reason", text_of(sample.reason).name},
          {"port", sample.link < links.size() ? op::Json(links[sample.link].name) : op::Json()},
          {"ipv4", ends(sample.has_v4, sample.v4_source, sample.v4_destination)},
          {"ipv6", ends(sample.has_v6, sample.v6_source, sample.v6_destination)},
          {"proto", named ? op::Json(protocol_name(sample.protocol)) : op::Json()},
          {"icmp_type", icmp ? op::Json(sample.icmp_type) : op::Json()},
          {"source_port", ports ? op::Json(sample.source_port) : op::Json()},
          {"destination_port", ports ? op::Json(sample.destination_port) : op::Json()}};
}

}  // namespace gate41
