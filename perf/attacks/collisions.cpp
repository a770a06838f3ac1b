// collisions: what an attacker gets who knows the hash of flows (net/flow_hash.hpp), but not its secret. He
// takes a secret of his own, and chooses ports so that all flows between two addresses fall into one bucket.
//
//   collisions                                    how full buckets get under his secret, and under others
//   collisions --list N INTERIOR EXTERIOR         N such pairs of ports, for perf/attacks/run
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <string>
#include <utility>
#include <vector>

#include "dataplane/net/flow_hash.hpp"
#include "dataplane/net/headers.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41 {
namespace {

constexpr uint32_t kBuckets = 1U << 16U;  // as a flow table for 4 * kBuckets flows has, eight places each
constexpr std::size_t kFlows = 20'000;
constexpr HashSecret kHis{};

using Ports = std::pair<uint16_t, uint16_t>;

struct Ends {
  Ipv6Address interior;
  Ipv6Address exterior;
};

uint32_t bucket_of(const HashSecret& secret, uint64_t pair, const Ports& ports) {
  const auto signature =
      static_cast<uint32_t>(flow_signature(secret, pair, ip_proto::kUdp, ports.first, ports.second));
  return static_cast<uint32_t>(uint64_t{signature} * kBuckets >> 32U);  // filter/flow_index.hpp
}

std::vector<Ports> colliding(const Ends& ends, std::size_t count) {
  const uint64_t pair = pair_hash(kHis, ends.interior, ends.exterior);
  std::vector<Ports> found;
  for (uint32_t one = 1; one < UINT16_MAX && found.size() < count; ++one)
    for (uint32_t other = one; other <= UINT16_MAX && found.size() < count; ++other) {
      const Ports ports{static_cast<uint16_t>(one), static_cast<uint16_t>(other)};
      if (bucket_of(kHis, pair, ports) == 0) found.push_back(ports);
    }
  return found;
}

std::size_t fullest_bucket(const HashSecret& secret, const Ends& ends, const std::vector<Ports>& flows) {
  const uint64_t pair = pair_hash(secret, ends.interior, ends.exterior);
  std::vector<std::size_t> filled(kBuckets);
  for (const Ports& ports : flows) ++filled[bucket_of(secret, pair, ports)];
  return *std::ranges::max_element(filled);
}

// As many flows in the order of their ports, as a host opens them.
std::vector<Ports> ordinary(std::size_t count) {
  std::vector<Ports> flows;
  for (std::size_t i = 0; i < count; ++i)
    flows.emplace_back(static_cast<uint16_t>(1024 + i), static_cast<uint16_t>(443));
  return flows;
}

void compare(const Ends& ends) {
  const std::vector<Ports> his = colliding(ends, kFlows);
  const std::vector<Ports> others = ordinary(kFlows);
  fmt::print("{} flows in {} buckets; the fullest holds\n", kFlows, kBuckets);
  fmt::print("  {:6} chosen flows, under the secret that they were chosen by\n",
             fullest_bucket(kHis, ends, his));
  for (int i = 0; i < 5; ++i) {
    const HashSecret secret = draw_hash_secret();
    fmt::print("  {:6} chosen flows, {} ordinary ones, under a secret that was drawn\n",
               fullest_bucket(secret, ends, his), fullest_bucket(secret, ends, others));
  }
}

int run(int argc, char** argv) {
  CLI::App app("flows that collide under a secret that is not the gateway's");
  std::size_t count = 0;
  std::string interior = "2002:b00:2:1::66";
  std::string exterior = "2002:b09:909:1::80";
  app.add_option("--list", count, "so many pairs of ports");
  app.add_option("interior", interior);
  app.add_option("exterior", exterior);
  CLI11_PARSE(app, argc, argv);
  const Ends ends{testing::ip6(interior), testing::ip6(exterior)};
  if (count == 0) {
    compare(ends);
    return 0;
  }
  for (const auto& [one, other] : colliding(ends, count)) fmt::print("{} {}\n", one, other);
  return 0;
}

}  // namespace
}  // namespace gate41

int main(int argc, char** argv) { return gate41::run(argc, argv); }
