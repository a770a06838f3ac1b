// RDNSS and DNSSL (RFC 8106).
#include "tests/unit/ra/bench.hpp"

namespace gate41::testing {
namespace {

const Ipv6Address kDns1 = ip6("2002:b00:2a:1::53");
const Ipv6Address kDns2 = ip6("2002:b00:2a:1::54");

ra::Settings with_dns(std::vector<Ipv6Address> servers, std::vector<std::string> domains) {
  ra::Settings settings = lan_settings();
  settings.rdnss = std::move(servers);
  settings.dnssl = std::move(domains);
  return settings;
}

}  // namespace

// proves: H22
TEST_F(RaAdvertiser, AdvertisesDnsServersInOneOptionForThreeIntervals) {
  advertiser.update_settings(with_dns({kDns1, kDns2}, {}), now);
  start_advertising();
  ASSERT_EQ(last().rdnss.size(), 1U);
  EXPECT_EQ(last().rdnss[0].units, 1 + 2 * 2);
  EXPECT_EQ(last().rdnss[0].lifetime, 1800U);
  EXPECT_EQ(last().rdnss[0].servers, (std::vector{kDns1, kDns2}));
}

// proves: H23
TEST_F(RaAdvertiser, AdvertisesSearchDomainsUncompressedAndPadded) {
  advertiser.update_settings(with_dns({}, {"home.example", "example"}), now);
  start_advertising();
  ASSERT_EQ(last().dnssl.size(), 1U);
  const Frame names{4,   'h', 'o', 'm', 'e', 7,   'e', 'x', 'a', 'm', 'p', 'l',
                    'e', 0,   7,   'e', 'x', 'a', 'm', 'p', 'l', 'e', 0,   0};
  EXPECT_EQ(names.size() % 8, 0U);
  EXPECT_EQ(last().dnssl[0].names, names);
  EXPECT_EQ(last().dnssl[0].units, 4);
  EXPECT_EQ(last().dnssl[0].lifetime, 1800U);
}

TEST_F(RaAdvertiser, LeavesOutWhatIsNoDomainName) {
  advertiser.update_settings(
      with_dns({}, {"a..b", "", std::string(64, 'x') + ".example", std::string(260, '.'), "ok."}), now);
  start_advertising();
  ASSERT_EQ(last().dnssl.size(), 1U);
  EXPECT_EQ(last().dnssl[0].names, (Frame{2, 'o', 'k', 0, 0, 0, 0, 0}));
}

TEST_F(RaAdvertiser, SendsNoDnsOptionWithoutServersAndDomains) {
  start_advertising();
  EXPECT_TRUE(last().rdnss.empty());
  EXPECT_TRUE(last().dnssl.empty());
}

// proves: P23
TEST_F(RaAdvertiser, BoundsDnsByTheLongestLease) {
  advertiser.update_settings(with_dns({kDns1}, {"example"}), now);
  start_advertising({{{kOldPrefix, kStart + seconds(100)}, {kPrefix, kStart + seconds(1000)}}, {}, true});
  const auto rest = static_cast<uint32_t>((kStart + seconds(1000) - sent.back().at) / seconds(1));
  EXPECT_EQ(last().rdnss.at(0).lifetime, rest);
  EXPECT_EQ(last().dnssl.at(0).lifetime, rest);
}

// proves: H22
TEST_F(RaAdvertiser, WithdrawsAServerThatIsConfiguredNoLonger) {
  advertiser.update_settings(with_dns({kDns1, kDns2}, {"old.example"}), now);
  start_advertising();
  run_for(seconds(100));
  advertiser.update_settings(with_dns({kDns2}, {}), now);
  run_for(seconds(1));
  ASSERT_EQ(last().rdnss.size(), 2U);
  EXPECT_EQ(last().rdnss[0].servers, std::vector{kDns2});
  EXPECT_EQ(last().rdnss[0].lifetime, 1800U);
  EXPECT_EQ(last().rdnss[1].servers, std::vector{kDns1});
  EXPECT_EQ(last().rdnss[1].lifetime, 0U);
  ASSERT_EQ(last().dnssl.size(), 1U);
  EXPECT_EQ(last().dnssl[0].lifetime, 0U);
}

TEST_F(RaAdvertiser, SpeaksOfAWithdrawnServerAsLongAsAHostMayKnowIt) {
  advertiser.update_settings(with_dns({kDns1}, {}), now);
  start_advertising();
  advertiser.update_settings(with_dns({}, {}), now);
  run_for(seconds(5400));
  EXPECT_EQ(sent.at(sent.size() - 1).ra.rdnss.size(), 1U);
  run_for(seconds(700));
  EXPECT_TRUE(last().rdnss.empty());
}

// proves: H17
TEST_F(RaAdvertiser, SplitsManyServersAndDomains) {
  std::vector<Ipv6Address> servers;
  std::vector<std::string> domains;
  for (uint16_t i = 0; i < 200; ++i) {
    servers.push_back(Ipv6Address::of({0x2002, 0xb00, 0x2a, 1, 0, 0, 0, i}));
    domains.push_back(std::string(60, 'd') + "." + std::to_string(i) + ".example");
  }
  advertiser.update_settings(with_dns(servers, domains), now);
  start_advertising();
  std::vector<Ipv6Address> found;
  std::size_t names = 0;
  for (const Sent& one : sent) {
    EXPECT_LE(one.ra.ip_length, 1500U);
    for (const RaServers& option : one.ra.rdnss)
      found.insert(found.end(), option.servers.begin(), option.servers.end());
    for (const RaDomains& option : one.ra.dnssl)
      names += static_cast<std::size_t>(std::count(option.names.begin(), option.names.end(), 60));
  }
  EXPECT_EQ(found, servers);
  EXPECT_EQ(names, 200U);
}

}  // namespace gate41::testing
