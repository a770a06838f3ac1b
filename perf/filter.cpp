// `perf/run --filter`: the filter's stage against a bare rte_hash.
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
#include <rte_malloc.h>

#include "perf/figure.hpp"
#include "perf/filter_cost.hpp"
#include "perf/rte_hash_table.hpp"
#include "tests/unit/filter/tcp_peers.hpp"

namespace gate41::perf {
namespace {

constexpr unsigned kRuns = 7;
constexpr unsigned kBursts = 3000;  // of a run
constexpr unsigned kWarmUp = 300;
constexpr std::array<uint32_t, 5> kFlows = {1, 1000, 100'000, 1'000'000, 4'000'000};
constexpr uint32_t kLeastForNew = 1000;

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
  return static_cast<double>(median_of(cycles)) / kBulk;
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

template <typename Table>
std::unique_ptr<Table> make_table(uint32_t flows) {
  if constexpr (std::is_same_v<Table, RteHashTable>) {
    return std::make_unique<RteHashTable>(flows);
  } else {
    auto made = FlowTable::create("filter", flows, SOCKET_ID_ANY);
    if (!made) give_up(made.error().message.c_str());
    return std::move(*made);
  }
}

// One number of flows. New flows come as the oldest go.
class Measurement {
 public:
  explicit Measurement(uint32_t flows) : flows_(flows) {}

  // In the order of the table's columns: the yardstick, then what is measured.
  std::vector<Figure> established(const FlowEntry& like, const ParsedPacket& packet) {
    BareHash bare(flows_);
    FilterStage stage(make_table<FlowTable>(flows_ + kRoom), flows_, like);
    FilterStage rte_hash(make_table<RteHashTable>(flows_ + kRoom), flows_, like);
    return take_turns({{"bare lookup", any([&](Burst& burst) { bare.look_up(burst); })},
                       {"stage", any([&](Burst& burst) { stage.look_up(burst, packet); })},
                       {"stage with rte_hash", any([&](Burst& burst) { rte_hash.look_up(burst, packet); })}});
  }
  std::vector<Figure> opened(const FlowEntry& like, const ParsedPacket& packet) {
    BareHash bare(flows_);
    FilterStage stage(make_table<FlowTable>(flows_ + kRoom), flows_, like);
    FilterStage rte_hash(make_table<RteHashTable>(flows_ + kRoom), flows_, like);
    return take_turns({{"bare insert", next([&](Burst& burst) { bare.insert(burst); }, [](Burst&) {},
                                            [&](Burst& burst) { bare.erase(burst); })},
                       {"stage", next([&](Burst& burst) { stage.open(burst, packet); },
                                      [&](Burst& burst) { stage.answer(burst); },
                                      [&](Burst& burst) { stage.erase(burst); })},
                       {"stage with rte_hash", next([&](Burst& burst) { rte_hash.open(burst, packet); },
                                                    [&](Burst& burst) { rte_hash.answer(burst); },
                                                    [&](Burst& burst) { rte_hash.erase(burst); })}});
  }

 private:
  using Step = std::function<void(Burst&)>;
  Run any(Step measured) {
    return {[this](Burst& burst) {
              for (std::size_t i = 0; i < kBulk; ++i) burst.set(i, random_() % flows_);
            },
            std::move(measured)};
  }
  Run next(Step measured, Step answer, Step erase) const {
    auto number = std::make_shared<uint64_t>(flows_);
    return {[=](Burst& burst) { take(burst, *number); }, std::move(measured),
            [=, flows = flows_](Burst& burst) {
              answer(burst);
              take(burst, *number - flows);
              erase(burst);
              *number += kBulk;
            }};
  }
  static void take(Burst& burst, uint64_t first) {
    for (std::size_t i = 0; i < kBulk; ++i) burst.set(i, first + i);
  }
  static std::vector<Figure> take_turns(const std::vector<std::pair<std::string, Run>>& all) {
    std::vector<Figure> figures;
    for (const auto& [name, run] : all) figures.push_back({name});
    for (unsigned turn = 0; turn < kRuns; ++turn)
      for (std::size_t i = 0; i < all.size(); ++i) figures[i].runs.push_back(cycles_of(all[i].second));
    return figures;
  }

  uint32_t flows_;
  std::mt19937_64 random_{41};
};

std::string cell(const Figure& figure) {
  return fmt::format("{:6.0f} {:6.0f}", figure.least(), figure.median());
}
std::string cell(const Figure& figure, const Figure& bare) {
  return fmt::format("{} {:5.2f}", cell(figure), figure.median() / bare.median());
}

void tell(nlohmann::json& rows, uint32_t flows, const char* what, const std::vector<Figure>& figures) {
  fmt::print("{:9}  {:15} | {} |", flows, what, cell(figures[0]));
  for (const Figure& figure : figures) {
    rows.push_back({{"flows", flows},
                    {"what", what},
                    {"by", figure.name},
                    {"least", figure.least()},
                    {"median", figure.median()},
                    {"ratio", figure.median() / figures.front().median()}});
    if (&figure != &figures.front()) fmt::print(" {} |", cell(figure, figures.front()));
  }
  fmt::print("\n");
  std::fflush(stdout);
}

std::size_t heap_in_use() {
  rte_malloc_socket_stats stats{};
  rte_malloc_get_socket_stats(0, &stats);
  return stats.heap_allocsz_bytes;
}

// A full table without traffic, as an idle worker sees it: a turn a millisecond.
void tell_upkeep(nlohmann::json& told) {
  constexpr uint32_t kMost = kFlows.back();
  constexpr auto kTurn = std::chrono::milliseconds(1);
  constexpr auto kWatched = std::chrono::seconds(120);  // twice what the hand is blind for
  const std::size_t before = heap_in_use();
  const uint64_t began = rte_rdtsc();
  const std::unique_ptr<FlowTable> table = make_table<FlowTable>(kMost);
  const double seconds = static_cast<double>(rte_rdtsc() - began) / static_cast<double>(rte_get_tsc_hz());
  const std::size_t bytes = heap_in_use() - before;
  TimePoint now = testing::kStart;
  for (uint64_t number = 0; number < kMost; ++number) {
    const int32_t position = table->insert(key_of(number), signature_of(number), now);
    table->entry(position).state = FlowState::established;
    table->entry(position).expires = coarse_seconds(now) + 100'000;
    table->refile(position, now);
  }
  for (const TimePoint end = now + kExpiryRound * 2; now < end; now += kTurn) table->expire(now);
  uint64_t cycles = 0;
  for (const TimePoint end = now + kWatched; now < end; now += kTurn) {
    const uint64_t start = rte_rdtsc();
    table->expire(now);
    cycles += rte_rdtsc() - start;
  }
  const double share = static_cast<double>(cycles) / static_cast<double>(rte_get_tsc_hz()) /
                       static_cast<double>(std::chrono::seconds(kWatched).count());
  const double per_slot =
      static_cast<double>(cycles) / kMost /
      (static_cast<double>(kWatched.count()) / std::chrono::duration<double>(kExpiryRound).count());
  told = {{"flows", kMost},
          {"bytes", bytes},
          {"seconds", seconds},
          {"core_share", share},
          {"cycles_a_slot", per_slot}};
  fmt::print(
      "\n{} flows: {} MiB of the heap, {:.1f} bytes a flow, made in {:.2f} s; expiry without traffic {:.3f} "
      "% "
      "of a core, {:.1f} cycles a slot\n",
      kMost, bytes >> 20U, static_cast<double>(bytes) / kMost, seconds, 100 * share, per_slot);
}

// Plain memory, all of it there before the first burst: a page fault costs more than a new flow.
void start_eal() {
  ::mlockall(MCL_CURRENT | MCL_FUTURE);
  std::array<std::string, 9> words = {"filter",         "--no-huge",     "-m",
                                      "4000",           "--no-pci",      "--no-shconf",
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
  fmt::print("{:>9}  {:15} | {:13} | {:19} | {:19} |\n", "flows", "what", "bare rte_hash", "stage",
             "stage with rte_hash");
  nlohmann::json rows = nlohmann::json::array();
  for (const uint32_t flows : kFlows) {
    Measurement measurement(flows);
    tell(rows, flows, "established UDP", measurement.established(udp_entry(), testing::udp(testing::kIn)));
    tell(rows, flows, "established TCP", measurement.established(tcp_entry(), tcp_packet()));
    if (flows >= kLeastForNew)
      tell(rows, flows, "new UDP flow", measurement.opened(udp_entry(), testing::udp(testing::kOut)));
  }
  nlohmann::json upkeep;
  tell_upkeep(upkeep);
  std::ofstream(path) << nlohmann::json{{"where", where},
                                        {"tsc_hz", rte_get_tsc_hz()},
                                        {"runs", kRuns},
                                        {"upkeep", upkeep},
                                        {"rows", rows}}
                             .dump(1)
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
