#include "control/daemon/trace_rows.hpp"

#include <array>
#include <fmt/core.h>

#include "dataplane/net/headers.hpp"
#include "dataplane/net/protocol_name.hpp"

namespace gate41 {
namespace {

using op::Json;

enum class Stage : uint8_t { receive, parse, classify, decapsulate, filter, forward, encapsulate, send };
constexpr std::array kStages{"receive", "parse",   "classify",    "decapsulate",
                             "filter",  "forward", "encapsulate", "send"};

std::string name_at(const std::vector<std::string>& names, std::size_t index) {
  return index < names.size() ? names[index] : "?";
}

bool is_tunnelled(const TraceRecord& record) {
  return record.packet.has_v4 && (record.packet.has_v6 || record.packet.protocol == ip_proto::kIpv6);
}

// The list of reasons is in the order of the stages.
Stage stage_of_reason(DropReason reason) {
  struct First {
    DropReason reason;
    Stage stage;
  };
  constexpr std::array kFirst{
      First{DropReason::no_headroom, Stage::encapsulate},
      First{DropReason::hop_limit, Stage::forward},
      First{DropReason::policy_source_multicast, Stage::filter},
      First{DropReason::fragment_malformed, Stage::decapsulate},
      First{DropReason::not_for_us_mac, Stage::classify},
      First{DropReason::ethernet_truncated, Stage::parse},
  };
  for (const First& first : kFirst)
    if (reason >= first.reason) return first.stage;
  return Stage::receive;
}

// Some reasons are those of several stages: a packet whose side is known has come as far as the filter.
Stage last_stage(const TraceRecord& record) {
  if (record.end == TraceEnd::sent) return Stage::send;
  if (record.end == TraceEnd::handed_over)
    return record.from == Side::none ? Stage::decapsulate : Stage::filter;
  if (record.end == TraceEnd::to_control) {
    const bool waits = record.exception_class == ExceptionClass::unresolved ||
                       record.exception_class == ExceptionClass::unresolved_v4;
    if (waits) return Stage::forward;
    return record.from == Side::none ? Stage::classify : Stage::filter;
  }
  const Stage stage = stage_of_reason(record.packet.reason);
  return record.from == Side::none ? stage : std::max(stage, Stage::filter);
}

std::string arrival(const TraceRecord& record, const TraceNames& names) {
  switch (record.origin) {
    case Origin::host:
      return "a packet of this box itself";
    case Origin::created:
      return "an ICMPv6 error that this box has made";
    case Origin::resumed:
      return "it has waited for its neighbour's answer";
    case Origin::wire:
      break;
  }
  return name_at(names.links, record.packet.link);
}

std::string kind(const TraceRecord& record) {
  if (is_tunnelled(record)) return "protocol 41";
  if (record.packet.has_v6) return "IPv6";
  return record.packet.has_v4 ? "IPv4" : "neither IPv4 nor IPv6";
}

std::string flow(const TraceRecord& record) {
  if (!record.filtered) return "no flow is needed";
  if (record.flow == FlowState::free) return record.is_new ? "no flow" : "belongs to a known flow";
  return fmt::format("{} flow, {}", record.is_new ? "new" : "known", name_of(record.flow));
}

std::string next_hop(const TraceRecord& record, const TraceNames& names) {
  if (!record.has_way) return "no next hop";
  if (record.by_tunnel) return "tunnel " + name_at(names.tunnels, *record.by_tunnel);
  return "port " + name_at(names.links, record.egress);
}

std::string header(const TraceRecord& record) {
  return record.by_tunnel ? "protocol 41 to " + record.outer_destination.to_string() : "Ethernet";
}

std::string met(Stage stage, const TraceRecord& record, const TraceNames& names) {
  switch (stage) {
    case Stage::receive:
      return arrival(record, names);
    case Stage::parse:
      return record.length == 0 ? "ok" : fmt::format("{} bytes of IPv6", record.length);
    case Stage::classify:
      return kind(record);
    case Stage::decapsulate:
      return fmt::format("tunnel {}, from {}", name_at(names.tunnels, record.tunnel),
                         record.packet.v4_source.to_string());
    case Stage::filter:
      return flow(record);
    case Stage::forward:
      return next_hop(record, names);
    case Stage::encapsulate:
      return header(record);
    case Stage::send:
      break;
  }
  return name_at(names.links, record.egress);
}

// What is made here begins with its next hop; what has waited was filtered before.
bool comes_to(Stage stage, const TraceRecord& record) {
  if (stage == Stage::receive) return true;
  if (record.origin != Origin::wire) return stage >= Stage::forward;
  return stage != Stage::decapsulate || is_tunnelled(record);
}

Json last_step(Stage stage, const TraceRecord& record, const TraceNames& names) {
  const char* name = kStages[static_cast<std::size_t>(stage)];
  if (record.end == TraceEnd::dropped) {
    const DropReasonText& reason = text_of(record.packet.reason);
    return {{"stage", name},
            {"verdict", "drop"},
            {"sentence", fmt::format("{}: {}", reason.name, reason.sentence)}};
  }
  if (record.end == TraceEnd::handed_over)
    return {{"stage", name},
            {"verdict", "handed over"},
            {"sentence", fmt::format("its flow is worker {}'s", record.owner)}};
  if (record.end == TraceEnd::to_control)
    return {{"stage", name}, {"verdict", "to control"}, {"sentence", name_of(record.exception_class)}};
  return {{"stage", name}, {"verdict", "ok"}, {"sentence", met(stage, record, names)}};
}

Json steps(const TraceRecord& record, const TraceNames& names) {
  const Stage last = last_stage(record);
  Json steps = Json::array();
  for (auto stage = Stage::receive; stage < last; stage = static_cast<Stage>(static_cast<uint8_t>(stage) + 1))
    if (comes_to(stage, record))
      steps.push_back({{"stage", kStages[static_cast<std::size_t>(stage)]},
                       {"verdict", "ok"},
                       {"sentence", met(stage, record, names)}});
  steps.push_back(last_step(last, record, names));
  return steps;
}

Json end_of(const DropSample& packet, const Ipv6Address& v6, const Ipv4Address& v4) {
  if (packet.has_v6) return v6.to_string();
  return packet.has_v4 ? Json(v4.to_string()) : Json();
}

}  // namespace

Json trace_row(const TraceRecord& record, const TraceNames& names, unsigned worker, uint64_t number) {
  const DropSample& packet = record.packet;
  const bool ports = packet.has_l4 && has_ports(packet.protocol);
  const bool icmp = packet.has_l4 && packet.protocol == (packet.has_v6 ? ip_proto::kIcmpv6 : ip_proto::kIcmp);
  const bool dropped = record.end == TraceEnd::dropped;
  return {{"packet", number},
          {"worker", worker},
          {"source", end_of(packet, packet.v6_source, packet.v4_source)},
          {"destination", end_of(packet, packet.v6_destination, packet.v4_destination)},
          {"proto", packet.has_v6 || packet.has_v4 ? Json(protocol_name(packet.protocol)) : Json()},
          {"source_port", ports ? Json(packet.source_port) : Json()},
          {"destination_port", ports ? Json(packet.destination_port) : Json()},
          {"icmp_type", icmp ? Json(packet.icmp_type) : Json()},
          {"length", record.length},
          {"steps", steps(record, names)},
          {"reason", dropped ? Json(text_of(packet.reason).name) : Json()}};
}

}  // namespace gate41
