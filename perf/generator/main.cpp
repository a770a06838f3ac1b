// gate41-gen: sends IPv6 flows to both sides of a 6to4, 6rd or 6in4 device, bare and in protocol 41, answers
// as its neighbours, and tells in JSON what arrived and when. Exit 0: it has run; 1: it could not, and says
// why; 2: usage. docs/man/gate41-gen.1.
#include <CLI/CLI.hpp>
#include <csignal>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include <rte_mbuf.h>

#include "dataplane/base/log.hpp"
#include "dataplane/port/device_name.hpp"
#include "dataplane/port/eal.hpp"
#include "dataplane/port/memory_plan.hpp"
#include "perf/generator/generator.hpp"

namespace {

using namespace gate41;
using namespace gate41::generator;

constexpr unsigned kBuffers = 16383;
constexpr unsigned kCached = 256;

// No lcore of DPDK's is used: the loop is in the main thread, wherever the process may run.
EalPlan eal_plan(const Job& job) {
  EalPlan plan;
  plan.arguments = {"gate41-gen", fmt::format("--file-prefix=gate41-gen-{}", ::getpid()),
                    "--log-level=error"};
  bool pci = false;
  for (const std::string& device : {job.lan.device, job.wan.device}) {
    if (device.empty()) continue;
    pci |= is_pci_device(device);
    if (is_pci_device(device))
      plan.arguments.insert(plan.arguments.end(), {"-a", device});
    else
      plan.arguments.push_back("--vdev=" + device);
  }
  if (!pci) plan.arguments.emplace_back("--no-pci");
  std::vector<std::string> memory = job.eal;
  if (memory.empty())
    memory = pci ? std::vector<std::string>{"--in-memory"}
                 : std::vector<std::string>{"--no-huge", "--no-shconf", "-m", "192"};
  plan.arguments.insert(plan.arguments.end(), memory.begin(), memory.end());
  return plan;
}

Result<std::unique_ptr<Port>> open_port(const std::string& device, rte_mempool* pool) {
  if (device.empty()) return std::unique_ptr<Port>();
  return Port::open(device, pool);
}

Result<Findings> run(const Job& job) {
  const auto eal = Eal::start(eal_plan(job));
  if (!eal) return tl::unexpected(eal.error());
  rte_mempool* pool =
      rte_pktmbuf_pool_create("packets", kBuffers, kCached, 0, RTE_MBUF_DEFAULT_BUF_SIZE, SOCKET_ID_ANY);
  if (pool == nullptr) return fail("no memory for packets; give DPDK more, as in --eal=-m --eal=512");
  auto lan = open_port(job.lan.device, pool);
  if (!lan) return tl::unexpected(lan.error());
  auto wan = open_port(job.wan.device, pool);
  if (!wan) return tl::unexpected(wan.error());
  Generator generator(job, std::move(*lan), std::move(*wan), pool);
  return generator.run();
}

int say(int status, const std::string& message) {
  fmt::print(stderr, "gate41-gen: {}\n", message);
  return status;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Sends IPv6 flows to both sides of a 6to4, 6rd or 6in4 device, and tells what arrived.",
               "gate41-gen");
  Words words;
  declare(app, words);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  const Result<Job> job = understand(words);
  if (!job) return say(2, job.error().message);
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, [](int) { stop_generators(); });
  const Result<Findings> findings = run(*job);
  if (!findings) return say(1, findings.error().message);
  fmt::print("{}\n", report(job->traffic, *findings).dump(1));
  return 0;
}
