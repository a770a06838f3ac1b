// What a flood of outer fragments costs other traffic: cycles of the time stamp counter that the pipeline
// takes for a packet of an open flow, without a flood, with the reassembler full, and between bursts of
// fragments. Run by hand on a release build; the least and the median of many bursts are printed.
#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <functional>
#include <gtest/gtest.h>

#include <rte_cycles.h>

#include "tests/unit/worker/site.hpp"

namespace gate41::testing {
namespace {

constexpr std::size_t kRounds = 4000;

struct Cost {
  std::vector<uint64_t> cycles;  // of a burst
  void print(const char* what) {
    std::ranges::sort(cycles);
    fmt::print("{:64} least {:5} median {:5}\n", what, cycles.front() / kBurst,
               cycles[cycles.size() / 2] / kBurst);
  }
};

class FragmentFlood : public ::testing::Test {
 protected:
  FragmentFlood() {
    site_.open_udp_flow();
    good_ = GatewaySite::from_wan().ipv6(kServer, kHost).udp(8080, 40000).payload(1200).build();
  }

  uint64_t run(const std::function<Frame(std::size_t)>& frame) {
    std::array<rte_mbuf*, kBurst> burst{};
    for (std::size_t i = 0; i < kBurst; ++i) burst[i] = site_.make_mbuf(frame(i));
    const uint64_t start = rte_rdtsc_precise();
    site_.pipeline->receive(burst, kWanDevice, site_.snapshot, site_.now);
    site_.pipeline->tick(site_.now);
    const uint64_t cycles = rte_rdtsc_precise() - start;
    std::vector<rte_mbuf*>& sent = site_.pipeline->outputs().tx[kLanDevice];
    rte_pktmbuf_free_bulk(sent.data(), static_cast<unsigned>(sent.size()));
    sent.clear();
    site_.now += std::chrono::microseconds(20);
    return cycles;
  }
  uint64_t run_good() {
    return run([&](std::size_t) { return good_; });
  }
  // First fragments of so many bytes, from one source or from a new one each.
  uint64_t run_flood(std::size_t size, bool many_sources) {
    return run([&](std::size_t) {
      ++number_;
      const Ipv4Address source = many_sources ? Ipv4Address(Be32(0x0c000000U + number_)) : kSiteV4;
      return GatewaySite::from_wan(source)
          .id(static_cast<uint16_t>(number_))
          .ipv4_fragment(0, true)
          .next_header(ip_proto::kIpv6)
          .payload(size)
          .build();
    });
  }
  void measure(const char* what, std::size_t size, bool many_sources) {
    Cost good, flood;
    for (std::size_t i = 0; i < kRounds; ++i) {
      flood.cycles.push_back(run_flood(size, many_sources));
      good.cycles.push_back(run_good());
    }
    good.print(fmt::format("a packet, between bursts of {}", what).c_str());
    flood.print(fmt::format("a fragment of {}", what).c_str());
  }
  void measure_good(const char* what) {
    Cost good;
    for (std::size_t i = 0; i < kRounds; ++i) {
      run([&](std::size_t) { return Frame(14); });  // something else in between, here too
      good.cycles.push_back(run_good());
    }
    good.print(what);
  }

  GatewaySite site_;
  Frame good_;
  uint32_t number_ = 0;
};

TEST_F(FragmentFlood, CostsOtherPackets) {
  measure_good("a packet, nothing held");
  for (std::size_t i = 0; i < 200; ++i) run_flood(1400, true);
  fmt::print("held: {}\n", site_.totals().held);
  measure_good("a packet, the reassembler full");
  measure("8 bytes from one source", 8, false);
  measure("8 bytes from a new source each", 8, true);
  measure("1400 bytes from one source", 1400, false);
  measure("1400 bytes from a new source each", 1400, true);
  measure_good("a packet, afterwards");
}

}  // namespace
}  // namespace gate41::testing
