#include "control/daemon/pings.hpp"

#include "control/daemon/platform.hpp"

namespace gate41 {
namespace {

ping::PingSettings ping_settings(const op::PingRequest& request, const Ipv6Address& source) {
  return {{source, request.destination}, request.count, request.interval, request.size};
}

ping::TraceSettings trace_settings(const op::PingRequest& request, const Ipv6Address& source) {
  return {{source, request.destination}, request.max_hops, static_cast<uint8_t>(request.count)};
}

}  // namespace

Pings::Pings(Dataplane& dataplane) : dataplane_(dataplane), pinger_(random_seed()) {}

Result<uint64_t> Pings::start(const op::PingRequest& request, const Ipv6Address& source, Client client) {
  const TimePoint now = precise_now();
  auto run = request.trace ? pinger_.start(trace_settings(request, source), now)
                           : pinger_.start(ping_settings(request, source), now);
  if (run) asked_.emplace(*run, Asked{request, source, std::move(client)});
  return run;
}

void Pings::end(uint64_t run) { pinger_.end(run, precise_now()); }

bool Pings::on_packet(Bytes ipv6) { return pinger_.on_packet(ipv6, precise_now()); }

void Pings::on_dropped(Bytes ipv6, const MbufMeta& meta) {
  pinger_.on_dropped(ipv6, meta.drop_reason, meta.mtu, precise_now());
}

void Pings::on_timer() {
  if (asked_.empty()) return;
  for (auto& [run, asked] : asked_)
    if (!std::exchange(asked.begun, true)) asked.client.row(first_row(asked.request, asked.source));
  pinger_.on_timer(precise_now());
  for (const auto& packet : pinger_.take_packets()) dataplane_.inject_routed(packet);
  for (const ping::Pinger::Row& row : pinger_.take_rows()) tell(row.run, row.event);
}

void Pings::tell(uint64_t run, const ping::Event& event) {
  const auto asked = asked_.find(run);
  asked->second.client.row(row_of(asked->second.request, event));
  if (!ping::is_last(event)) return;
  const Client client = std::move(asked->second.client);
  asked_.erase(asked);
  client.done();
}

}  // namespace gate41
