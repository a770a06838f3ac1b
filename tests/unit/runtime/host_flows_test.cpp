// HostFlows: one thread writes, others ask at the same time.
#include "dataplane/filter/host_flows.hpp"

#include <atomic>
#include <gtest/gtest.h>
#include <thread>

#include "dataplane/net/parse.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::testing {
namespace {

constexpr TimePoint kNow{std::chrono::seconds(1000)};
const Ipv6Address kOwn = ip6("2002:b00:2::1");
const Ipv6Address kPeer = ip6("2600:41::80");

ParsedPacket sent(uint16_t port) {
  return parse_ipv6_packet(PacketBuilder().ipv6(kOwn, kPeer).udp(port, 53).build());
}
ParsedPacket answer(uint16_t port) {
  return parse_ipv6_packet(PacketBuilder().ipv6(kPeer, kOwn).udp(53, port).build());
}

}  // namespace

// Eight flows share the one bucket; the writer changes all but the one that is asked for.
// proves: S62 K56
TEST(HostFlowsShared, AKnownFlowIsKnownWhileOthersComeAndGo) {
  HostFlows flows(8);
  flows.on_sent(sent(1), kNow + std::chrono::seconds(30));  // the last one to give way
  std::atomic<bool> stop{false};
  std::thread writer([&] {
    for (uint16_t port = 2; !stop; port = static_cast<uint16_t>(port % 200 + 2))
      flows.on_sent(sent(port), kNow);
  });
  bool always = true;
  for (int i = 0; i < 20'000; ++i) always = flows.expects(answer(1), nullptr, kNow) && always;
  stop = true;
  writer.join();
  EXPECT_TRUE(always);
  EXPECT_FALSE(flows.expects(answer(1000), nullptr, kNow));
}

}  // namespace gate41::testing
