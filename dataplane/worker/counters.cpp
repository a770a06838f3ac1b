#include "dataplane/worker/counters.hpp"

namespace gate41 {
namespace {

template <std::size_t N>
void add_each(std::array<uint64_t, N>& totals, const std::array<Counter, N>& counters) noexcept {
  for (std::size_t i = 0; i < N; ++i) totals[i] += counters[i].get();
}

void add_conservation(CounterTotals& totals, const WorkerCounters& worker) noexcept {
  totals.rx += worker.rx.get();
  totals.injected += worker.injected.get();
  totals.created += worker.created.get();
  totals.handed_in += worker.handed_in.get();
  totals.tx += worker.tx.get();
  totals.punted += worker.punted.get();
  totals.dropped += worker.dropped.get();
  totals.reassembled_away += worker.reassembled_away.get();
  totals.handed_out += worker.handed_out.get();
  totals.held += worker.held.get();
}

void add_link(CounterTotals::Link& total, const LinkCounters& link) noexcept {
  total.rx_packets += link.rx_packets.get();
  total.rx_bytes += link.rx_bytes.get();
  total.tx_packets += link.tx_packets.get();
  total.tx_bytes += link.tx_bytes.get();
}

void add_flows(CounterTotals& totals, const WorkerCounters& worker) noexcept {
  totals.flows_created += worker.flows_created.get();
  totals.flows_expired += worker.flows_expired.get();
  totals.flows_evicted += worker.flows_evicted.get();
  totals.flows_refused += worker.flows_refused.get();
  totals.flows_current += worker.flows_current.load(std::memory_order_relaxed);
}

}  // namespace

void CounterTotals::Tunnel::add(const TunnelCounters& worker) noexcept {
  encap_packets += worker.encap_packets.get();
  encap_bytes += worker.encap_bytes.get();
  encap_relayed += worker.encap_relayed.get();
  decap_packets += worker.decap_packets.get();
  decap_bytes += worker.decap_bytes.get();
  ecn_marked += worker.ecn_marked.get();
  other_relay += worker.other_relay.get();
  fragmented += worker.fragmented.get();
  fast_ids += worker.fast_ids.get();
  if (const auto peer = static_cast<uint32_t>(worker.fast_peer.get()); peer != 0) fast_peer = peer;
  if (const auto site = static_cast<uint32_t>(worker.fast_site.get()); site != 0) fast_site = site;
}

void CounterTotals::add(const WorkerCounters& worker) noexcept {
  add_conservation(*this, worker);
  add_each(drops, worker.drops);
  for (std::size_t i = 0; i < links.size(); ++i) add_link(links[i], worker.links[i]);
  add_each(exceptions, worker.exceptions);
  add_each(policed, worker.policed);
  for (std::size_t i = 0; i < tunnels.size(); ++i) tunnels[i].add(worker.tunnels[i]);
  icmp_errors_sent += worker.icmp_errors_sent.get();
  icmp_errors_limited += worker.icmp_errors_limited.get();
  echo_replies += worker.echo_replies.get();
  add_flows(*this, worker);
  cycles_busy += worker.cycles_busy.get();
  cycles_idle += worker.cycles_idle.get();
  cycles_nap += worker.cycles_nap.get();
  gave_up_waiting += worker.gave_up_waiting.get();
}

}  // namespace gate41
