#include "control/daemon/ping_rows.hpp"

#include <fmt/core.h>

namespace gate41 {
namespace {

using op::Json;

double milliseconds(Duration time) { return std::chrono::duration<double, std::milli>(time).count(); }

const char* sentence_of(ping::TraceEnd::Why why) {
  switch (why) {
    case ping::TraceEnd::Why::reached:
      return "reached";
    case ping::TraceEnd::Why::refused:
      return "there is no way on";
    case ping::TraceEnd::Why::max_hops:
      return "not reached within the greatest number of hops";
    case ping::TraceEnd::Why::dropped:
      return "this box does not send it";
    case ping::TraceEnd::Why::interrupted:
      return "interrupted";
  }
  return "unknown";
}

// Null: it says no more than that it has come this far.
Json sentence_of(const ping::Verdict& verdict) {
  if (verdict.is_reply() || verdict.is_hop_limit()) return {};
  return verdict.to_string();
}

Json probe_json(const std::optional<ping::Hop::Probe>& probe) {
  if (!probe) return {};
  return {{"from", probe->from.to_string()},
          {"time_ms", milliseconds(probe->time)},
          {"sentence", sentence_of(probe->verdict)}};
}

struct ToRow {
  const op::PingRequest& request;

  Json operator()(const ping::Answered& answer) const {
    Json row = {{"seq", answer.number}, {"from", answer.from.to_string()}};
    const ping::Verdict& verdict = answer.verdict;
    if (verdict.is_reply())
      row.update({{"event", "answer"},
                  {"bytes", answer.size + 8},
                  {"hop_limit", answer.hop_limit},
                  {"time_ms", milliseconds(answer.time)},
                  {"duplicate", answer.duplicate}});
    else
      row.update({{"event", "error"},
                  {"type", verdict.type},
                  {"code", verdict.code},
                  {"sentence", verdict.to_string()},
                  {"mtu", verdict.mtu() ? Json(*verdict.mtu()) : Json()}});
    return row;
  }

  Json operator()(const ping::Dropped& dropped) const {
    const DropReasonText& text = text_of(dropped.reason);
    return {{"event", "dropped"},
            {request.trace ? "hop" : "seq", dropped.number},
            {"reason", text.name},
            {"sentence", text.sentence},
            {"mtu", dropped.mtu == 0 ? Json() : Json(dropped.mtu)}};
  }

  Json operator()(const ping::Statistics& s) const {
    const auto time = [&](Duration ping::Statistics::Times::*which) {
      return s.times ? Json(milliseconds((*s.times).*which)) : Json();
    };
    return {{"event", "statistics"},
            {"sent", s.sent},
            {"received", s.received},
            {"lost", s.sent == 0 ? 0.0 : 100.0 * (s.sent - s.received) / s.sent},
            {"duplicates", s.duplicates},
            {"errors", s.errors},
            {"dropped", s.dropped},
            {"no_answer", s.no_answer},
            {"min_ms", time(&ping::Statistics::Times::least)},
            {"avg_ms", time(&ping::Statistics::Times::average)},
            {"max_ms", time(&ping::Statistics::Times::most)}};
  }

  Json operator()(const ping::Hop& hop) const {
    Json probes = Json::array();
    for (const auto& probe : hop.probes) probes.push_back(probe_json(probe));
    return {{"event", "hop"}, {"hop", hop.number}, {"probes", probes}};
  }

  Json operator()(const ping::TraceEnd& end) const {
    return {{"event", "end"},
            {"reached", end.why == ping::TraceEnd::Why::reached},
            {"sentence", sentence_of(end.why)}};
  }
};

}  // namespace

Json first_row(const op::PingRequest& request, const Ipv6Address& source) {
  Json row = {
      {"event", "start"}, {"destination", request.destination.to_string()}, {"source", source.to_string()}};
  if (request.trace)
    row["max_hops"] = request.max_hops;
  else
    row["size"] = request.size;
  return row;
}

Json row_of(const op::PingRequest& request, const ping::Event& event) {
  return std::visit(ToRow{request}, event);
}

}  // namespace gate41
