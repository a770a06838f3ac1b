// One pinhole at run time: as in the file, with the same words about mistakes.
#include "config/pinholes.hpp"

#include "cases.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41::config {
namespace {

using Members = std::map<std::string, std::string>;

const Members kGood = {{"proto", "udp"},
                       {"lan", "home"},
                       {"interface_id", "::80"},
                       {"port", "1000-2000"},
                       {"from", "2600:41::/32"}};

std::string wrong_with(const Members& changed, const std::string& left_out = "") {
  Members members = kGood;
  for (const auto& [key, text] : changed) members[key] = text;
  members.erase(left_out);
  const auto read = read_pinhole(members, loaded(kGateway));
  return read ? "" : read.error().message;
}

TEST(ReadPinhole, TakesWhatTheFileTakes) {
  const auto hole = read_pinhole(kGood, loaded(kGateway));
  ASSERT_TRUE(hole) << hole.error().message;
  Pinhole expected;
  expected.protocol = ip_proto::kUdp;
  expected.lan = "home";
  expected.interface_id = 0x80;
  expected.port_first = 1000;
  expected.port_last = 2000;
  expected.from = *Ipv6Prefix::parse("2600:41::/32");
  EXPECT_EQ(*hole, expected);
}

TEST(ReadPinhole, SaysWhatIsWrongAndWhatIsAllowed) {
  EXPECT_EQ(wrong_with({{"lan", "hone"}}), "lan: no LAN \"hone\"; allowed: a name under lans");
  EXPECT_EQ(wrong_with({{"port", "0"}}),
            "port: \"0\" is out of range; allowed: 1..65535, or a range as in \"1000-2000\"");
  EXPECT_EQ(wrong_with({}, "port"), "port: missing key; allowed: 1..65535, or a range as in \"1000-2000\"");
  EXPECT_EQ(wrong_with({{"proto", "esp"}}),
            "port: protocol esp has no port; allowed: no port with proto esp");
  EXPECT_EQ(wrong_with({}, "interface_id"), "interface_id: missing key; allowed: interface_id or address");
  EXPECT_EQ(wrong_with({{"form", "::/0"}}), "form: unknown key; did you mean port?");
}

TEST(ReadPinhole, TakesWhatPinholeMembersGives) {
  const auto hole = read_pinhole(kGood, loaded(kGateway));
  ASSERT_TRUE(hole);
  EXPECT_EQ(pinhole_members(*hole), kGood);
  Members other = {{"proto", "echo"}, {"lan", "home"}, {"address", "2002:b00:2:1::80"}};
  EXPECT_EQ(pinhole_members(*read_pinhole(other, loaded(kGateway))), other);
}

TEST(ReadLifetime, IsADurationOfAtLeastASecond) {
  EXPECT_EQ(*read_lifetime("90min"), Seconds(5400));
  EXPECT_EQ(read_lifetime("0s").error().message, "lifetime: \"0s\" is out of range; allowed: 1s..8760h");
  EXPECT_EQ(read_lifetime("60").error().message,
            "lifetime: \"60\" needs a unit (ms, s, min, h); allowed: 1s..8760h");
}

TEST(ReadPinhole, SaysAllThatIsWrongAtOnce) {
  EXPECT_EQ(wrong_with({{"from", "all"}, {"interface_id", "80"}}),
            "interface_id: \"80\" is not an interface identifier; allowed: ::1 to ::ffff:ffff:ffff:ffff\n"
            "from: \"all\" is not an IPv6 prefix with its host bits zero; allowed: an IPv6 prefix");
}

}  // namespace
}  // namespace gate41::config
