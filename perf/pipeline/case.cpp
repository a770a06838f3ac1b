#include "perf/pipeline/case.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace gate41::perf {
namespace {

constexpr uint32_t kSites = 100'000;  // of a relay
constexpr uint32_t kLeastForOpening = 1000;
constexpr uint32_t kMostForOpening = 1'000'000;
constexpr uint32_t kFlowsAmidOthers = 1000;

std::vector<Case> make_cases() {
  std::vector<Case> cases;
  for (const Mode mode : {Mode::six_to_four, Mode::relay, Mode::six_rd, Mode::six_in_four})
    for (const Job job : {Job::encapsulate, Job::decapsulate}) cases.push_back({mode, job});
  cases.push_back({.kind = Kind::opening});
  cases.push_back({.job = Job::encapsulate, .kind = Kind::fragments});
  cases.push_back({.job = Job::decapsulate, .kind = Kind::fragments});
  cases.push_back({.kind = Kind::too_big});
  cases.push_back({.job = Job::encapsulate, .kind = Kind::hand_over});
  cases.push_back({.job = Job::decapsulate, .kind = Kind::hand_over});
  for (const Job job : {Job::encapsulate, Job::decapsulate}) {
    cases.push_back({.job = job, .around = {.neighbours = 10'000}});
    cases.push_back({.mode = Mode::relay, .job = job, .around = {.neighbours = 10'000}});
    cases.push_back({.job = job, .around = {.pinholes = 1000}});
    cases.push_back({.job = job, .around = {.tunnels = 15}});
    cases.push_back({.mode = Mode::relay, .job = job, .around = {.routes = 200'000}});
  }
  return cases;
}

std::string name_of(const Around& around) {
  if (around.neighbours > 0) return fmt::format(" +{} neighbours", around.neighbours);
  if (around.routes > 0) return fmt::format(" +{} routes", around.routes);
  if (around.pinholes > 0) return fmt::format(" +{} pinholes", around.pinholes);
  return around.tunnels > 0 ? fmt::format(" +{} tunnels", around.tunnels) : "";
}

}  // namespace

const std::vector<Case>& all_cases() {
  static const std::vector<Case> cases = make_cases();
  return cases;
}

const char* name_of(Mode mode) {
  switch (mode) {
    case Mode::six_to_four:
      return "6to4";
    case Mode::six_rd:
      return "6rd";
    case Mode::six_in_four:
      return "6in4";
    case Mode::relay:
      break;
  }
  return "relay";
}

std::string Case::name() const {
  const char* what = job == Job::encapsulate ? "encap" : "decap";
  switch (kind) {
    case Kind::known:
      return fmt::format("{} {}{}", name_of(mode), what, name_of(around));
    case Kind::opening:
      return "new flow";
    case Kind::fragments:
      return fmt::format("fragments {}", what);
    case Kind::too_big:
      return "too big";
    case Kind::hand_over:
      break;
  }
  return fmt::format("hand-over {}", what);
}

std::vector<uint32_t> Case::flows_of(const std::vector<uint32_t>& wanted) const {
  if (mode == Mode::relay) return {kSites};
  if (around.any() || kind == Kind::hand_over) return {kFlowsAmidOthers};
  if (kind == Kind::fragments || kind == Kind::too_big) return {1};
  if (kind == Kind::known) return wanted;
  std::vector<uint32_t> some;
  std::ranges::copy_if(wanted, std::back_inserter(some),
                       [](uint32_t flows) { return flows >= kLeastForOpening && flows <= kMostForOpening; });
  return some;
}

std::optional<double> Case::target(uint32_t flows) const {
  if (around.any()) return 1.03;
  if (kind != Kind::known) return std::nullopt;
  if (mode == Mode::relay) return 2.2;
  if (flows == 1) return 1.3;
  if (flows == 100'000) return 1.2;
  return flows >= 1'000'000 ? std::optional(1.15) : std::nullopt;
}

}  // namespace gate41::perf
