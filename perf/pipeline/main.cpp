// pipeline_cost: what gate41 costs a packet, beside the least that it could. `perf/run` builds and starts it.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/mman.h>

#include <rte_eal.h>

#include "perf/pipeline/programme.hpp"

namespace gate41::perf {
namespace {

// All of it there before the first burst: a page fault costs more than a new flow.
void start_eal(uint32_t most_flows, bool huge_pages) {
  constexpr uint64_t kPerFlow = 400;  // bytes, in gate41's table and the minimum's
  constexpr uint64_t kRest = 120;     // megabytes: the buffers, most of all
  ::mlockall(MCL_CURRENT | MCL_FUTURE);
  const std::string megabytes = std::to_string(kRest + ((most_flows * kPerFlow) >> 20U));
  std::array<std::string, 9> words = {"pipeline_cost",
                                      huge_pages ? "--in-memory" : "--no-huge",
                                      "-m",
                                      megabytes,
                                      "--no-pci",
                                      "--no-shconf",
                                      "--no-telemetry",
                                      "--log-level=3",
                                      "--lcores=0@(0,1)"};
  std::array<char*, 9> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
  if (rte_eal_init(static_cast<int>(arguments.size()), arguments.data()) < 0) refuse("EAL does not start");
}

std::string names_of_cases() {
  std::string names;
  for (const Case& what : all_cases()) names += (names.empty() ? "" : ", ") + what.name();
  return names;
}

int run(int count, char** words) {
  Options options;
  CLI::App app("What gate41 costs a packet, beside the least that it could.");
  app.add_option("--cases", options.cases, "of " + names_of_cases())->delimiter(',');
  app.add_option("--flows", options.flows, "how many, of a gateway")->delimiter(',');
  app.add_option("--sizes", options.sizes, "of the frame with IPv6, FCS included; 0: IMIX")->delimiter(',');
  app.add_option("--wires", options.wires, "of " + names_of_wires())->delimiter(',');
  app.add_option("--runs", options.effort.runs, "of each")->check(CLI::Range(1, 1000));
  app.add_option("--bursts", options.effort.bursts, "of a run")->check(CLI::Range(1, 1'000'000));
  app.add_option("--burst", options.effort.burst, "frames")->check(CLI::Range(1, 32));
  app.add_flag("--huge-pages", options.huge_pages, "memory of huge pages, not plain");
  app.add_option("--json", options.json, "file for the figures");
  app.add_option("--where", options.where, "a sentence about the machine");
  CLI11_PARSE(app, count, words);
  GTEST_FLAG_SET(throw_on_failure, true);  // the box counts its packets
  start_eal(*std::ranges::max_element(options.flows), options.huge_pages);
  Programme(options).run();
  return 0;
}

}  // namespace
}  // namespace gate41::perf

int main(int count, char** words) { return gate41::perf::run(count, words); }
