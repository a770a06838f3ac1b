#include "perf/generator/report.hpp"

#include <cmath>
#include <nlohmann/json.hpp>

namespace gate41::generator {
namespace {

using Json = nlohmann::ordered_json;

double rounded(double value, double parts) { return std::round(value * parts) / parts; }

double in_us(uint64_t ns) { return static_cast<double>(ns) / 1000; }

double per_second(uint64_t count, double seconds) {
  return seconds > 0 ? rounded(static_cast<double>(count) / seconds, 10) : 0;
}

// RFC 8219 §7.2: typical and worst-case latency are the median and the 99.9th percentile; §7.3.1: the delay
// variation is what lies between that and the least.
Json delays(const Histogram& delays) {
  return {{"min", in_us(delays.min())},
          {"p50", in_us(delays.percentile(0.5))},
          {"p99", in_us(delays.percentile(0.99))},
          {"p99_9", in_us(delays.percentile(0.999))},
          {"max", in_us(delays.max())}};
}

// Of a change to another rate: when the last lost packet was sent, in seconds from there (RFC 2544 §26.5).
Json then(const Traffic& traffic, const Stream& stream) {
  const uint64_t before = *stream.sent_before_then;
  const auto last = stream.reception.last_lost(stream.sent);
  const double recovery =
      last && *last >= before ? static_cast<double>(*last + 1 - before) / traffic.then_rate : 0.0;
  return {{"rate", traffic.then_rate}, {"sent_before", before}, {"recovery_seconds", rounded(recovery, 1e6)}};
}

Json stream_json(const Traffic& traffic, const Stream& stream) {
  const Reception& reception = stream.reception;
  Json json = {{"sent", stream.sent},
               {"received", reception.received()},
               {"lost", stream.sent - reception.received()},
               {"duplicates", reception.duplicates()},
               {"reordered", reception.reordered()},
               {"wrong", reception.wrong()},
               {"seconds", rounded(stream.seconds, 1e6)},
               {"rate", per_second(stream.sent, stream.seconds)},
               {"delay_us", delays(reception.delays())},
               {"pdv_us", in_us(reception.delays().percentile(0.999) - reception.delays().min())}};
  if (stream.sent_before_then) json["then"] = then(traffic, stream);
  return json;
}

Json opening_json(const Opening& opening) {
  return {{"flows", opening.flows},
          {"arrived", opening.arrived},
          {"answered", opening.answered},
          {"sent", opening.sent},
          {"seconds", rounded(opening.seconds, 1e6)},
          {"rate", per_second(opening.sent, opening.seconds)}};
}

}  // namespace

Json report(const Traffic& traffic, const Findings& findings) {
  Json json;
  if (findings.opening) json["opened"] = opening_json(*findings.opening);
  const auto& [lan, wan] = findings.streams;
  if (lan) json["from_lan"] = stream_json(traffic, *lan);
  if (wan) json["from_wan"] = stream_json(traffic, *wan);
  json["echoed"] = findings.echoed;
  json["answers"] = findings.answers;
  json["stale"] = findings.stale;
  json["others"] = findings.others;
  json["unsent"] = findings.unsent;
  return json;
}

}  // namespace gate41::generator
