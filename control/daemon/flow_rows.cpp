#include "control/daemon/flow_rows.hpp"

#include <algorithm>
#include <fmt/core.h>

#include "dataplane/net/protocol_name.hpp"

namespace gate41 {
namespace {

using op::Json;

std::string endpoint(const FlowKey& key, const Ipv6Address& address, uint16_t port) {
  return has_ports(key.protocol) ? fmt::format("[{}]:{}", address.to_string(), port) : address.to_string();
}

uint32_t age_of(const FlowEntry& entry, uint32_t seconds) {
  return std::max<uint32_t>(seconds - entry.created, 1);
}

uint64_t rate_of(const FlowEntry& entry, uint32_t seconds) { return entry.bytes / age_of(entry, seconds); }

double value_of(const FlowEntry& entry, op::FlowOrder order, uint32_t seconds) {
  switch (order) {
    case op::FlowOrder::age:
      return seconds - entry.created;
    case op::FlowOrder::rate:
      return static_cast<double>(entry.bytes) / age_of(entry, seconds);
    case op::FlowOrder::bytes:
    case op::FlowOrder::none:
      break;
  }
  return static_cast<double>(entry.bytes);
}

std::string bytes_of(const Ipv6Address& address) {
  return {reinterpret_cast<const char*>(address.bytes.data()), address.bytes.size()};
}

}  // namespace

Json flow_row(const FlowRecord& record, uint32_t seconds) {
  const FlowEntry& entry = record.entry;
  return {
      {"proto", protocol_name(record.key.protocol)},
      {"interior", endpoint(record.key, record.key.interior, record.key.interior_port)},
      {"exterior", endpoint(record.key, record.key.exterior, record.key.exterior_port)},
      {"state", name_of(entry.state)},
      {"age", seconds - entry.created},
      {"expires_in", static_cast<int32_t>(entry.expires - seconds)},
      {"bytes", entry.bytes},
      {"rate", rate_of(entry, seconds)},
      {"pinhole", (entry.flags & flow_flag::kPinhole) != 0},
      {"outer_source", entry.outer_source.is_unspecified() ? Json() : Json(entry.outer_source.to_string())}};
}

void FlowRanking::add(const FlowRecord& record, uint32_t seconds) {
  const auto smaller_in_front = [](const Ranked& a, const Ranked& b) { return a.value > b.value; };
  const double value = value_of(record.entry, order_, seconds);
  if (heap_.size() < most_) {
    heap_.push_back({value, records_.size()});
    records_.push_back(record);
  } else {
    if (heap_.front().value >= value) return;
    std::ranges::pop_heap(heap_, smaller_in_front);
    heap_.back().value = value;
    records_[heap_.back().place] = record;
  }
  std::ranges::push_heap(heap_, smaller_in_front);
}

std::vector<FlowRecord> FlowRanking::take() {
  std::ranges::stable_sort(heap_, std::greater(), &Ranked::value);
  std::vector<FlowRecord> records;
  for (const Ranked& ranked : heap_) records.push_back(records_[ranked.place]);
  heap_.clear();
  records_.clear();
  return records;
}

void HostTally::add(const FlowRecord& record) {
  HostTotals& host = hosts_[bytes_of(record.key.interior)];
  host.address = record.key.interior;
  ++host.flows;
  host.bytes += record.entry.bytes;
  if (hosts_.size() >= 2 * kHosts) keep_largest(kHosts);
}

void HostTally::keep_largest(std::size_t most) {
  HostTotals others = others_;
  std::vector<HostTotals> largest = take(most, others);
  others_ = others;
  for (const HostTotals& host : largest) hosts_[bytes_of(host.address)] = host;
}

std::vector<HostTotals> HostTally::take(std::size_t most, HostTotals& others) {
  std::vector<HostTotals> hosts;
  for (const auto& [address, host] : hosts_) hosts.push_back(host);
  std::ranges::sort(hosts, [&](const HostTotals& a, const HostTotals& b) {
    const uint64_t HostTotals::*first = by_ == By::flows ? &HostTotals::flows : &HostTotals::bytes;
    return std::tie(a.*first, b.address) > std::tie(b.*first, a.address);
  });
  others = others_;
  for (std::size_t i = most; i < hosts.size(); ++i) {
    others.flows += hosts[i].flows;
    others.bytes += hosts[i].bytes;
  }
  hosts.resize(std::min(most, hosts.size()));
  hosts_.clear();
  return hosts;
}

}  // namespace gate41
