#include "perf/pipeline/table.hpp"

#include <fmt/core.h>
#include <fstream>
#include <utility>

#include <rte_cycles.h>

namespace gate41::perf {
namespace {

nlohmann::json json_of(const Figure& figure) {
  return {{"least", figure.least()}, {"median", figure.median()}, {"runs", figure.runs}};
}

std::string split_of(const Cost& cost) {
  if (cost.parse.runs.empty()) return "";
  return fmt::format("{:6.1f} {:6.1f} {:6.1f}", cost.parse.least(), cost.look_up.least(), cost.act.least());
}

nlohmann::json stages_of(const Cost& cost) {
  nlohmann::json stages = nlohmann::json::object();
  for (const Figure* figure : {&cost.receive, &cost.work, &cost.send, &cost.parse, &cost.look_up, &cost.act})
    if (!figure->runs.empty()) stages[figure->name] = json_of(*figure);
  return stages;
}

std::string judgement(std::optional<double> target, double ratio) {
  return target ? fmt::format("{:4.2f} {}", *target, ratio <= *target ? "met" : "MISSED") : "";
}

}  // namespace

Table::Table(std::string where, unsigned runs) : where_(std::move(where)) {
  fmt::print(
      "{}\ncycles a packet (time stamp counter at {:.2f} GHz): least and median of {} runs; the ratio of the "
      "least, in brackets that of the medians\n\n"
      "{:22} {:>9} {:>5} {:>2} {:>9} | {:>13} | {:>17} | {:>20} | {:>19} | {:>13} | {:11} | \n",
      where_, static_cast<double>(rte_get_tsc_hz()) / 1e9, runs, "case", "flows", "size", "in", "wire",
      "receive  send", "work", "parse look up act", "yardstick", "ratio", "target");
}

void Table::add(const Case& what, const Conditions& conditions, const std::vector<Cost>& costs) {
  const auto target = what.target(conditions.flows);
  const Cost& first = costs.front();
  fmt::print("{:22} {:9} {:>5} {:2} {:>9} | {:6.1f} {:6.1f} | {:6} {:5.0f} {:5.0f} |", what.name(),
             conditions.flows, conditions.size == kImix ? "IMIX" : std::to_string(conditions.size),
             conditions.burst, conditions.wire, first.receive.least(), first.send.least(), first.name,
             first.work.least(), first.work.median());
  fmt::print(" {:20} |", split_of(first));
  if (costs.size() > 1) {
    const Cost& yard = costs[1];
    const double ratio = first.work.least() / yard.work.least();
    fmt::print(" {:7} {:5.0f} {:5.0f} | {:5.2f} ({:5.2f}) | {:11} |", yard.name, yard.work.least(),
               yard.work.median(), ratio, first.work.median() / yard.work.median(), judgement(target, ratio));
  }
  for (std::size_t i = 2; i < costs.size(); ++i)
    fmt::print(" {} {:.0f}", costs[i].name, costs[i].work.least());
  fmt::print("\n");
  std::fflush(stdout);
  for (const Cost& cost : costs) {
    rows_.push_back({{"case", what.name()},
                     {"flows", conditions.flows},
                     {"size", conditions.size},
                     {"wire", conditions.wire},
                     {"burst", conditions.burst},
                     {"by", cost.name},
                     {"target", target ? nlohmann::json(*target) : nlohmann::json()}});
    rows_.back().update(stages_of(cost));
  }
}

void Table::save(const std::string& path) const {
  std::ofstream(path)
      << nlohmann::json{{"where", where_}, {"tsc_hz", rte_get_tsc_hz()}, {"rows", rows_}}.dump(1) << '\n';
}

}  // namespace gate41::perf
