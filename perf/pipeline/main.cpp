// pipeline_cost: what gate41 costs a packet, beside the least that it could. `perf/run` builds and starts it.
#include <CLI/CLI.hpp>
#include <fmt/core.h>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/mman.h>

#include <rte_cycles.h>
#include <rte_eal.h>

#include "perf/pipeline/measure.hpp"
#include "perf/pipeline/scenarios.hpp"
#include "perf/pipeline/scene.hpp"

namespace gate41::perf {
namespace {

constexpr unsigned kBuffers = 4095;
constexpr unsigned kBufferCache = 256;

struct Options {
  std::vector<std::string> cases = {"6to4 encap", "6to4 decap", "relay encap", "relay decap"};
  std::vector<uint32_t> flows = {1, 100'000, 1'000'000, 4'000'000};
  std::vector<uint16_t> sizes = {84};
  Effort effort;
  std::string json;
  std::string where = "somewhere";
};

struct Case {
  Mode mode;
  Job job;
  [[nodiscard]] std::string name() const {
    return std::string(name_of(mode)) + (job == Job::encapsulate ? " encap" : " decap");
  }
};

constexpr std::array<Mode, 4> kModes = {Mode::six_to_four, Mode::six_rd, Mode::six_in_four, Mode::relay};

// The application's work against the minimum's, at most (issue "Fast, and shown to be fast").
std::optional<double> target_of(Mode mode, uint32_t flows) {
  if (mode == Mode::relay) return 2.2;
  if (flows == 1) return 1.3;
  if (flows == 100'000) return 1.2;
  if (flows >= 1'000'000) return 1.15;
  return std::nullopt;
}

// Plain memory, all of it there before the first burst: a page fault costs more than a new flow.
void start_eal(uint32_t most_flows) {
  constexpr uint64_t kPerFlow = 400;  // bytes, in gate41's table and the minimum's
  ::mlockall(MCL_CURRENT | MCL_FUTURE);
  const std::string megabytes = std::to_string(300 + ((most_flows * kPerFlow) >> 20U));
  std::array<std::string, 9> words = {"pipeline_cost",  "--no-huge",     "-m",
                                      megabytes,        "--no-pci",      "--no-shconf",
                                      "--no-telemetry", "--log-level=3", "--lcores=0@(0,1)"};
  std::array<char*, 9> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
  if (rte_eal_init(static_cast<int>(arguments.size()), arguments.data()) < 0) refuse("EAL does not start");
}

nlohmann::json json_of(const Figure& figure) {
  return {{"least", figure.least()}, {"median", figure.median()}, {"runs", figure.runs}};
}

class Table {
 public:
  explicit Table(const Options& options) : options_(options) {
    fmt::print(
        "{}\ncycles a packet (time stamp counter at {:.2f} GHz), bursts of {}: least and median of {} runs; "
        "ratio of the least to the minimum's, of the medians beside it\n\n"
        "{:12} {:>9} {:>5} | {:>13} | {:>11} {:>11} | {:>15} | {:>6} | {}\n",
        options.where, static_cast<double>(rte_get_tsc_hz()) / 1e9, options.effort.burst, options.effort.runs,
        "case", "flows", "size", "receive  send", "gate41", "minimum", "ratio", "target", "macswap");
  }
  void add(const Case& what, uint32_t flows, FrameSize size, const std::vector<Cost>& costs) {
    const Cost& ours = costs[0];
    const Cost& least = costs[1];
    const double ratio = ours.work.least() / least.work.least();
    const auto target = target_of(what.mode, flows);
    const std::string judged =
        target ? fmt::format("{:4.2f} {}", *target, ratio <= *target ? "met" : "MISSED") : "-";
    fmt::print(
        "{:12} {:9} {:>5} | {:6.1f} {:6.1f} | {:5.1f} {:5.1f} {:5.1f} {:5.1f} | {:6.2f} ({:5.2f}) | {:11} | "
        "{:.1f}\n",
        what.name(), flows, size == kImix ? "IMIX" : std::to_string(size), ours.receive.least(),
        ours.send.least(), ours.work.least(), ours.work.median(), least.work.least(), least.work.median(),
        ratio, ours.work.median() / least.work.median(), judged, costs[2].work.least());
    std::fflush(stdout);
    for (const Cost& cost : costs)
      rows_.push_back({{"case", what.name()},
                       {"flows", flows},
                       {"size", size},
                       {"wire", "net_ring"},
                       {"burst", options_.effort.burst},
                       {"by", cost.name},
                       {"receive", json_of(cost.receive)},
                       {"work", json_of(cost.work)},
                       {"send", json_of(cost.send)},
                       {"target", target ? nlohmann::json(*target) : nlohmann::json()}});
  }
  void save() const {
    if (options_.json.empty()) return;
    std::ofstream(options_.json)
        << nlohmann::json{{"where", options_.where}, {"tsc_hz", rte_get_tsc_hz()}, {"rows", rows_}}.dump(1)
        << '\n';
  }

 private:
  const Options& options_;
  nlohmann::json rows_ = nlohmann::json::array();
};

class Programme {
 public:
  explicit Programme(const Options& options) : options_(options), table_(options) {
    pool_ = rte_pktmbuf_pool_create("frames", kBuffers, kBufferCache, kMbufPrivSize,
                                    RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
    if (pool_ == nullptr) refuse("no memory for buffers");
    wires_ = {ring_wire("lan", pool_), ring_wire("wan", pool_)};
  }
  void run() {
    for (const Mode mode : kModes)
      for (const uint32_t flows : flows_of(mode))
        if (wants(mode)) measure(mode, flows);
    table_.save();
  }

 private:
  [[nodiscard]] bool wants(const Case& what) const {
    return std::ranges::find(options_.cases, what.name()) != options_.cases.end();
  }
  [[nodiscard]] bool wants(Mode mode) const {
    return wants(Case{mode, Job::encapsulate}) || wants(Case{mode, Job::decapsulate});
  }
  // A relay knows no flows: one number of sites is enough.
  [[nodiscard]] std::vector<uint32_t> flows_of(Mode mode) const {
    return mode == Mode::relay ? std::vector<uint32_t>{100'000} : options_.flows;
  }
  void measure(Mode mode, uint32_t flows) {
    Scene scene(mode, flows, pool_);
    TimePoint now = scene.box().now;
    for (const Job job : {Job::encapsulate, Job::decapsulate}) {
      const Case what{mode, job};
      if (!wants(what)) continue;
      const auto duts = scene.duts(job);
      for (const FrameSize size : options_.sizes) {
        const Way way{wires_[device_in(job)], wires_[device_out(job)], pool_,
                      [&](std::span<rte_mbuf*> frames) { scene.draw(frames, job, size); }};
        table_.add(what, flows, size, take_turns(duts, way, options_.effort, now));
      }
    }
  }

  const Options& options_;
  Table table_;
  rte_mempool* pool_ = nullptr;
  std::array<Wire, 2> wires_;
};

int run(int count, char** words) {
  Options options;
  CLI::App app("What gate41 costs a packet, beside the least that it could.");
  app.add_option("--cases", options.cases, "MODE encap|decap; modes: 6to4, 6rd, 6in4, relay")->delimiter(',');
  app.add_option("--flows", options.flows, "how many, of a gateway")->delimiter(',');
  app.add_option("--sizes", options.sizes, "of the frame with IPv6, FCS included; 0: IMIX")->delimiter(',');
  app.add_option("--runs", options.effort.runs, "of each")->check(CLI::Range(1, 1000));
  app.add_option("--bursts", options.effort.bursts, "of a run")->check(CLI::Range(1, 1'000'000));
  app.add_option("--burst", options.effort.burst, "packets")->check(CLI::Range(1, 32));
  app.add_option("--json", options.json, "file for the figures");
  app.add_option("--where", options.where, "a sentence about the machine");
  CLI11_PARSE(app, count, words);
  GTEST_FLAG_SET(throw_on_failure, true);  // the box counts its packets
  start_eal(*std::ranges::max_element(options.flows));
  Programme(options).run();
  return 0;
}

}  // namespace
}  // namespace gate41::perf

int main(int count, char** words) { return gate41::perf::run(count, words); }
