#include "dataplane/worker/telemetry.hpp"

#include <algorithm>
#include <mutex>
#include <optional>

#include <rte_telemetry.h>

namespace gate41::telemetry {
namespace {

std::mutex source_mutex;
std::optional<Source> source;  // empty while there is no data path

CounterTotals totals_of(const Source& from) {
  CounterTotals totals;
  for (const WorkerCounters* worker : from.workers) totals.add(*worker);
  return totals;
}

void add(rte_tel_data* data, const std::string& name, uint64_t value) {
  rte_tel_data_add_dict_u64(data, name.c_str(), value);
}

void fill_counters(const Source& from, rte_tel_data* data) {
  const CounterTotals t = totals_of(from);
  add(data, "rx", t.rx);
  add(data, "injected", t.injected);
  add(data, "created", t.created);
  add(data, "handed_in", t.handed_in);
  add(data, "tx", t.tx);
  add(data, "punted", t.punted);
  add(data, "dropped", t.dropped);
  add(data, "reassembled_away", t.reassembled_away);
  add(data, "handed_out", t.handed_out);
  add(data, "held", t.held);
  uint64_t encap_packets = 0, encap_bytes = 0, decap_packets = 0, decap_bytes = 0;
  uint64_t fragmented = 0, fast_ids = 0;
  for (const CounterTotals::Tunnel& tunnel : t.tunnels) {
    fragmented += tunnel.fragmented;
    fast_ids += tunnel.fast_ids;
    encap_packets += tunnel.encap_packets;
    encap_bytes += tunnel.encap_bytes;
    decap_packets += tunnel.decap_packets;
    decap_bytes += tunnel.decap_bytes;
  }
  add(data, "encap_packets", encap_packets);
  add(data, "encap_bytes", encap_bytes);
  add(data, "decap_packets", decap_packets);
  add(data, "decap_bytes", decap_bytes);
  add(data, "fragmented", fragmented);
  add(data, "fast_ids", fast_ids);
  add(data, "icmp_errors_sent", t.icmp_errors_sent);
  add(data, "icmp_errors_limited", t.icmp_errors_limited);
  add(data, "cycles_busy", t.cycles_busy);
  add(data, "cycles_idle", t.cycles_idle);
  add(data, "cycles_nap", t.cycles_nap);
}

void fill_drops(const Source& from, rte_tel_data* data) {
  const CounterTotals totals = totals_of(from);
  for (std::size_t i = 0; i < kDropReasonCount; ++i)
    add(data, std::string(kDropReasons[i].name), totals.drops[i]);
}

// DPDK takes letters, digits, '_' and '/' in names; ports may have '-'.
std::string name_for_telemetry(std::string name) {
  std::ranges::replace(name, '-', '_');
  return name;
}

void fill_links(const Source& from, rte_tel_data* data) {
  const CounterTotals totals = totals_of(from);
  for (std::size_t i = 0; i < std::min(from.links.size(), totals.links.size()); ++i) {
    rte_tel_data* link = rte_tel_data_alloc();
    if (link == nullptr) return;
    rte_tel_data_start_dict(link);
    add(link, "rx_packets", totals.links[i].rx_packets);
    add(link, "rx_bytes", totals.links[i].rx_bytes);
    add(link, "tx_packets", totals.links[i].tx_packets);
    add(link, "tx_bytes", totals.links[i].tx_bytes);
    rte_tel_data_add_dict_container(data, name_for_telemetry(from.links[i]).c_str(), link, 0);
  }
}

void fill_flows(const Source& from, rte_tel_data* data) {
  const CounterTotals totals = totals_of(from);
  add(data, "current", totals.flows_current);
  add(data, "max", from.max_flows);
  add(data, "created", totals.flows_created);
  add(data, "expired", totals.flows_expired);
  add(data, "evicted", totals.flows_evicted);
  add(data, "refused", totals.flows_refused);
}

template <void (*fill)(const Source&, rte_tel_data*)>
int answer(const char* /*command*/, const char* /*parameters*/, rte_tel_data* data) {
  rte_tel_data_start_dict(data);
  const std::lock_guard lock(source_mutex);
  if (source) fill(*source, data);
  return 0;
}

void register_commands() {
  static const bool done = [] {
    rte_telemetry_register_cmd("/gate41/counters", answer<fill_counters>,
                               "Packets by what became of them; cycles.");
    rte_telemetry_register_cmd("/gate41/drops", answer<fill_drops>, "Dropped packets by reason.");
    rte_telemetry_register_cmd("/gate41/links", answer<fill_links>, "Packets and bytes by port.");
    rte_telemetry_register_cmd("/gate41/flows", answer<fill_flows>, "The flow table in numbers.");
    return true;
  }();
  static_cast<void>(done);
}

}  // namespace

void open(Source with) {
  register_commands();
  const std::lock_guard lock(source_mutex);
  source = std::move(with);
}

void set_links(const std::vector<std::string>& links) {
  const std::lock_guard lock(source_mutex);
  if (source && source->links != links) source->links = links;
}

void close() {
  const std::lock_guard lock(source_mutex);
  source.reset();
}

}  // namespace gate41::telemetry
