// Who is kept alive, and what a tunnel's end sends for that.
#include "control/daemon/tunnel_end.hpp"
#include "dataplane/net/parse.hpp"
#include "tests/unit/daemon/site.hpp"

namespace gate41::testing {
namespace {

using std::chrono::seconds;

const Ipv4Address kOther = ip4("192.88.99.2");
const TimePoint kStart{seconds(5000)};

config::Config keeping(std::vector<Ipv4Address> targets) {
  config::Config config = gateway_config();
  config.tunnels.front().keepalive = {seconds(60), std::move(targets)};
  return config;
}

config::Config keeping_6rd(std::vector<Ipv4Address> targets) {
  config::Config config = keeping(std::move(targets));
  config.tunnels.front().mode = config::TunnelMode::six_rd;
  config.tunnels.front().six_rd = {net6("2600:41::/32"), 0, false};
  return config;
}

TunnelPlan plan_of(const config::Config& config, SiteState state = gateway_state()) {
  return planned(config, std::move(state)).tunnels[0].plan;
}

std::optional<KeepaliveSettings> settings_of(const config::Config& config) {
  return keepalive_settings(config.tunnels.front(), plan_of(config));
}

using Addresses = std::vector<Ipv4Address>;

}  // namespace

// proves: S26
TEST(KeepaliveSettings, AreNoneUnlessSwitchedOn) { EXPECT_FALSE(settings_of(gateway_config())); }

TEST(KeepaliveSettings, AreNoneWithoutAPrefix) {
  const config::Config config = keeping({});
  SiteState state = gateway_state();
  state.external.reset();
  EXPECT_FALSE(keepalive_settings(config.tunnels.front(), plan_of(config, state)));
}

// proves: S26
TEST(KeepaliveSettings, WithoutTargetsAreForTheRelays) {
  const auto settings = settings_of(keeping({}));
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->schedule.targets, (Addresses{ip4("192.88.99.1"), ip4("11.0.0.9")}));
  EXPECT_EQ(settings->schedule.interval, seconds(60));
  EXPECT_EQ(settings->schedule.own, ip6("2002:b00:2a::1"));
  EXPECT_EQ(settings->schedule.local, ip4("192.168.1.5"));
  EXPECT_EQ(settings->form, relay::ProbeForm::relay_form);
}

// proves: S25
TEST(KeepaliveSettings, WithTargetsAreForThem) {
  EXPECT_EQ(settings_of(keeping({kOther}))->schedule.targets, Addresses{kOther});
}

TEST(KeepaliveSettings, Of6rdAskTheBorderRelayToReturnThePacket) {
  const auto settings = settings_of(keeping_6rd({ip4("11.0.0.9")}));
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->form, relay::ProbeForm::returned);
  EXPECT_EQ(settings->schedule.targets, Addresses{ip4("11.0.0.9")});
}

TEST(KeepaliveSettings, OfADomainByDhcpAreForItsBorderRelaysWhateverTheFileNames) {
  config::Config config = keeping({kOther});
  config.tunnels.front().mode = config::TunnelMode::automatic;
  SiteState state = gateway_state();
  state.offered = dhcp::SixRd{0, net6("2600:41::/32"), {ip4("10.0.0.1")}};
  const auto settings = keepalive_settings(config.tunnels.front(), plan_of(config, state));
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->schedule.targets, Addresses{ip4("10.0.0.1")});
}

TEST(KeepaliveSettings, Of6in4AreForThePeer) {
  config::Config config = keeping({});
  config::Tunnel& tunnel = config.tunnels.front();
  tunnel.mode = config::TunnelMode::six_in_four;
  tunnel.six_in_four = config::SixInFour{.remote = ip4("11.0.0.9"),
                                         .address = ip6("2600:41:0:2::2"),
                                         .length = 64,
                                         .peer = ip6("2600:41:0:2::1"),
                                         .prefix = net6("2600:41:1::/48"),
                                         .routes = {}};
  const auto settings = settings_of(config);
  ASSERT_TRUE(settings);
  EXPECT_EQ(settings->form, relay::ProbeForm::peer);
  EXPECT_EQ(settings->peer, ip6("2600:41:0:2::1"));
  EXPECT_EQ(settings->schedule.targets, Addresses{ip4("11.0.0.9")});
}

// proves: S25
TEST(KeepaliveSnapshot, TheDataPathAwaitsWhatKeptTargetsOf6to4Bring) {
  EXPECT_EQ(built(keeping({kOther}), gateway_state())->tunnels[0].awaited, Addresses{kOther});
  EXPECT_TRUE(built(gateway_config(), gateway_state())->tunnels[0].awaited.empty());
  EXPECT_TRUE(built(keeping_6rd({ip4("11.0.0.9")}), gateway_state())->tunnels[0].awaited.empty());
}

// --- the tunnel's end

namespace {

class KeepaliveEnd : public ::testing::Test {
 protected:
  // A turn of the daemon: relays are probed, targets are kept alive.
  void turn(const config::Config& config, TimePoint now) {
    const TunnelPlan plan = plan_of(config);
    end.health().on_timer(now);
    end.watch(health_settings(config.tunnels.front(), plan), now);
    end.keep_alive(keepalive_settings(config.tunnels.front(), plan), now);
    probes += end.take_probes().size();
    for (relay::SendPacket& packet : end.take_keepalives()) packets.push_back(std::move(packet));
  }
  AdjacencyTable table{16};
  Link wan;
  TunnelEnd end{table, wan, 0};
  std::size_t probes = 0;
  std::vector<relay::SendPacket> packets;
};

std::vector<uint8_t> reply_to(const relay::SendPacket& packet) {
  const ParsedPacket parsed = parse_ipv6_packet(packet.ipv6);
  const auto u16 = [&](std::size_t at) {
    return static_cast<uint16_t>(packet.ipv6[at] << 8U | packet.ipv6[at + 1]);
  };
  return PacketBuilder().ipv6(parsed.v6.destination, parsed.v6.source).echo_reply(u16(44), u16(46)).build();
}

}  // namespace

// proves: S26
TEST_F(KeepaliveEnd, SendsAProbesPacketToTheTarget) {
  turn(keeping({kOther}), kStart);
  ASSERT_EQ(packets.size(), 1U);
  EXPECT_EQ(packets[0].relay, kOther);
  const ParsedPacket parsed = parse_ipv6_packet(packets[0].ipv6);
  EXPECT_EQ(parsed.v6.source, ip6("2002:b00:2a::1"));
  EXPECT_EQ(parsed.v6.destination, ip6("2002:c058:6302::"));
  EXPECT_EQ(parsed.v6.hop_limit, 1);
  EXPECT_EQ(packets[0].ipv6.size(), 48U);
}

// proves: S26
TEST_F(KeepaliveEnd, LeavesRelaysThatAreProbedMoreOftenAlone) {
  const config::Config config = keeping({});
  for (TimePoint now = kStart; now < kStart + seconds(600); now += seconds(1)) turn(config, now);
  EXPECT_GT(probes, 100U);
  EXPECT_TRUE(packets.empty());
  EXPECT_GE(end.keepalive().targets().at(0).suppressed, 8U);
}

// proves: S26
TEST_F(KeepaliveEnd, TakesAnAnswerThatNobodyWaitsFor) {
  turn(keeping({kOther}), kStart);
  ASSERT_EQ(packets.size(), 1U);
  const std::vector<relay::RelayInfo> before = end.health().relays();
  EXPECT_TRUE(end.on_packet(reply_to(packets[0]), kStart + seconds(1)));
  const std::vector<relay::RelayInfo> after = end.health().relays();
  ASSERT_EQ(after.size(), before.size());
  for (std::size_t i = 0; i < after.size(); ++i) EXPECT_EQ(after[i].state, relay::State::unknown);
}

TEST_F(KeepaliveEnd, TakesNoAnswerToWhatItHasNotSent) {
  turn(keeping({kOther}), kStart);
  ASSERT_EQ(packets.size(), 1U);
  packets[0].ipv6[46] ^= 1U;
  EXPECT_FALSE(end.on_packet(reply_to(packets[0]), kStart + seconds(1)));
}

TEST_F(KeepaliveEnd, IsSilentOnceItIsSwitchedOff) {
  turn(keeping({kOther}), kStart);
  for (TimePoint now = kStart; now < kStart + seconds(600); now += seconds(1)) turn(gateway_config(), now);
  EXPECT_EQ(packets.size(), 1U);
  EXPECT_FALSE(end.on_packet(reply_to(packets[0]), kStart + seconds(600)));
}

}  // namespace gate41::testing
