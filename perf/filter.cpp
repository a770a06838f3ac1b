// `perf/run --filter`: the filter's stage against a bare rte_hash. Short runs take turns, so that what else
// the machine does hits all alike; a run is told by the median of its bursts, a figure by the least and the
// median of its runs.
#include <algorithm>
#include <fmt/core.h>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>
#include <random>
#include <string>
#include <sys/mman.h>

#include <rte_cycles.h>
#include <rte_eal.h>

#include "perf/filter_cost.hpp"
#include "tests/unit/filter/tcp_peers.hpp"

namespace gate41::perf {
namespace {

constexpr unsigned kRuns = 7;
constexpr unsigned kBursts = 3000;  // of a run
constexpr unsigned kWarmUp = 300;
constexpr std::array<uint32_t, 5> kFlows = {1, 1000, 100'000, 1'000'000, 4'000'000};
constexpr uint32_t kLeastForNew = 1000;

struct Figure {
  std::string name;
  std::vector<double> runs;  // cycles a packet
  [[nodiscard]] double least() const { return *std::ranges::min_element(runs); }
  [[nodiscard]] double median() const {
    std::vector<double> sorted = runs;
    std::ranges::sort(sorted);
    return sorted[sorted.size() / 2];
  }
};

// `prepare` fills a burst, `measured` is timed, `clear` makes up for it.
struct Run {
  std::function<void(Burst&)> prepare;
  std::function<void(Burst&)> measured;
  std::function<void(Burst&)> clear = [](Burst&) {};
};

double cycles_of(const Run& run) {
  std::vector<uint64_t> cycles;
  Burst burst;
  for (unsigned i = 0; i < kWarmUp + kBursts; ++i) {
    run.prepare(burst);
    const uint64_t start = rte_rdtsc_precise();
    run.measured(burst);
    const uint64_t took = rte_rdtsc_precise() - start;
    run.clear(burst);
    if (i >= kWarmUp) cycles.push_back(took);
  }
  std::ranges::nth_element(cycles, cycles.begin() + kBursts / 2);
  return static_cast<double>(cycles[kBursts / 2]) / kBulk;
}

// A flow of each kind that both sides have used.
FlowEntry udp_entry() {
  testing::Flow flow;
  flow.send(testing::udp(testing::kOut), testing::kOut);
  flow.send(testing::udp(testing::kIn), testing::kIn);
  return flow.entry;
}
FlowEntry tcp_entry() {
  testing::Connection connection;
  connection.handshake();
  return connection.entry;
}
ParsedPacket tcp_packet() {
  return testing::tcp(testing::kIn, {testing::kAck, testing::kIsn[1] + 1, testing::kIsn[0] + 1, 65535}, 100);
}

class Measurement {
 public:
  explicit Measurement(uint32_t flows) : flows_(flows), bare_(flows), stage_(flows) {}

  // In the order of the table's columns.
  std::vector<Figure> established() {
    const auto some = [this](Burst& burst) { any_of_them(burst); };
    const ParsedPacket udp = testing::udp(testing::kIn), tcp = tcp_packet();
    std::vector<Figure> figures = {{"bare lookup", {}}, {"udp", {}}, {"tcp", {}}};
    for (unsigned run = 0; run < kRuns; ++run) {
      figures[0].runs.push_back(cycles_of({some, [&](Burst& burst) { bare_.look_up(burst); }}));
      stage_.set_all(udp_entry());
      figures[1].runs.push_back(cycles_of({some, [&](Burst& burst) { stage_.look_up(burst, udp); }}));
      stage_.set_all(tcp_entry());
      figures[2].runs.push_back(cycles_of({some, [&](Burst& burst) { stage_.look_up(burst, tcp); }}));
    }
    return figures;
  }

  std::vector<Figure> opened() {
    const ParsedPacket udp = testing::udp(testing::kOut);
    std::vector<Figure> figures = {{"bare insert", {}}, {"new flow", {}}};
    uint64_t bare_next = flows_, stage_next = flows_;
    for (unsigned run = 0; run < kRuns; ++run) {
      figures[0].runs.push_back(cycles_of({[&](Burst& burst) { take(burst, bare_next); },
                                           [&](Burst& burst) { bare_.insert(burst); },
                                           [&](Burst& burst) {
                                             take(burst, bare_next - flows_);
                                             bare_.erase(burst);
                                             bare_next += kBulk;
                                           }}));
      figures[1].runs.push_back(cycles_of({[&](Burst& burst) { take(burst, stage_next); },
                                           [&](Burst& burst) { stage_.open(burst, udp); },
                                           [&](Burst& burst) {
                                             take(burst, stage_next - flows_);
                                             stage_.erase(burst);
                                             stage_next += kBulk;
                                           }}));
    }
    return figures;
  }

 private:
  void any_of_them(Burst& burst) {
    for (std::size_t i = 0; i < kBulk; ++i) burst.set(i, random_() % flows_);
  }
  // The flows of these numbers: the oldest go as new ones come.
  static void take(Burst& burst, uint64_t first) {
    for (std::size_t i = 0; i < kBulk; ++i) burst.set(i, first + i);
  }

  uint32_t flows_;
  BareHash bare_;
  FilterStage stage_;
  std::mt19937_64 random_{41};
};

std::string cell(const Figure& figure) {
  return fmt::format("{:6.0f} {:6.0f}", figure.least(), figure.median());
}
std::string cell(const Figure& figure, const Figure& bare) {
  return fmt::format("{} {:5.2f}", cell(figure), figure.median() / bare.median());
}

void note(nlohmann::json& rows, uint32_t flows, const std::vector<Figure>& figures) {
  for (const Figure& figure : figures)
    rows.push_back({{"flows", flows},
                    {"what", figure.name},
                    {"least", figure.least()},
                    {"median", figure.median()},
                    {"ratio", figure.median() / figures.front().median()}});
}

// Plain memory, all of it there before the first burst: a page fault costs more than a new flow.
void start_eal() {
  ::mlockall(MCL_CURRENT | MCL_FUTURE);
  std::array<std::string, 9> words = {"filter",         "--no-huge",     "-m",
                                      "3000",           "--no-pci",      "--no-shconf",
                                      "--no-telemetry", "--log-level=3", "--lcores=0@(0,1)"};
  std::array<char*, 9> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
  if (rte_eal_init(static_cast<int>(arguments.size()), arguments.data()) < 0) std::exit(1);
}

int run(const char* path, const char* where) {
  start_eal();
  fmt::print(
      "{}\ncycles a packet (time stamp counter at {:.2f} GHz): least and median of {} runs, ratio of the "
      "medians to the bare hash's\n\n",
      where, static_cast<double>(rte_get_tsc_hz()) / 1e9, kRuns);
  fmt::print("{:>9} | {:13} | {:19} | {:19} | {:13} | {:19}\n", "flows", "bare lookup", "established UDP",
             "established TCP", "bare insert", "new UDP flow");
  nlohmann::json rows = nlohmann::json::array();
  for (const uint32_t flows : kFlows) {
    Measurement measurement(flows);
    const std::vector<Figure> known = measurement.established();
    note(rows, flows, known);
    fmt::print("{:9} | {} | {} | {}", flows, cell(known[0]), cell(known[1], known[0]),
               cell(known[2], known[0]));
    if (flows >= kLeastForNew) {
      const std::vector<Figure> opened = measurement.opened();
      note(rows, flows, opened);
      fmt::print(" | {} | {}", cell(opened[0]), cell(opened[1], opened[0]));
    }
    fmt::print("\n");
    std::fflush(stdout);
  }
  std::ofstream(path)
      << nlohmann::json{{"where", where}, {"tsc_hz", rte_get_tsc_hz()}, {"runs", kRuns}, {"rows", rows}}.dump(
             1)
      << '\n';
  return 0;
}

}  // namespace
}  // namespace gate41::perf

// FILE for the figures, and a sentence about the machine that goes with them.
int main(int count, char** words) {
  if (count != 3) return 2;
  return gate41::perf::run(words[1], words[2]);
}
