#include "control/loop/tap.hpp"

#include <arpa/inet.h>
#include <array>
#include <fstream>
#include <net/if.h>
#include <sys/socket.h>
#include <vector>

#include "control/loop/netlink.hpp"
#include "tests/unit/loop/sandbox.hpp"

namespace gate41::testing {
namespace {

using loop::Tap;
using loop::TapFamily;
using loop::TapSettings;

const TapSettings kWan{.name = "g41wan", .mac = {{2, 0, 0, 0, 0, 1}}, .mtu = 1400, .family = TapFamily::ipv4};
const TapSettings kLan{
    .name = "g41home", .mac = {{2, 0, 0, 0, 0, 2}}, .mtu = 1280, .family = TapFamily::ipv6};

std::string sysctl(const std::string& name) {
  std::ifstream in("/proc/sys/net/" + name);
  std::string value;
  in >> value;
  return value;
}

class TapTest : public NamespaceTest {
 protected:
  static Tap make(const TapSettings& settings) {
    auto tap = Tap::create(settings);
    EXPECT_TRUE(tap) << tap.error().message;
    return std::move(*tap);
  }
  // The next frame of an EtherType; other things that the kernel says are passed over.
  std::vector<uint8_t> next_frame(Tap& tap, uint8_t type_high, uint8_t type_low) {
    while (wait_readable(tap.fd()))
      while (const auto frame = tap.read(buffer_))
        if (frame->size() > 14 && (*frame)[12] == type_high && (*frame)[13] == type_low)
          return {frame->begin(), frame->end()};
    return {};
  }
  std::array<uint8_t, 2048> buffer_{};
};

TEST_F(TapTest, HasTheMacTheMtuAndIsUp) {
  const Tap tap = make(kWan);
  const std::string shown = output_of("ip link show g41wan");
  EXPECT_NE(shown.find("02:00:00:00:00:01"), std::string::npos) << shown;
  EXPECT_NE(shown.find("mtu 1400"), std::string::npos) << shown;
  EXPECT_NE(shown.find(",UP"), std::string::npos) << shown;
  EXPECT_EQ(tap.index(), ::if_nametoindex("g41wan"));
}

TEST_F(TapTest, VanishesWithItsObject) {
  { const Tap tap = make(kWan); }
  EXPECT_EQ(::if_nametoindex("g41wan"), 0U);
}

TEST_F(TapTest, OfTheWanHasArpAndNoIpv6) {
  const Tap tap = make(kWan);
  EXPECT_EQ(sysctl("ipv6/conf/g41wan/disable_ipv6"), "1");
  EXPECT_EQ(output_of("ip link show g41wan").find("NOARP"), std::string::npos);
}

TEST_F(TapTest, OfALanMakesNothingOfItsOwnInIpv6) {
  const Tap tap = make(kLan);
  const std::string folder = "ipv6/conf/g41home/";
  for (const char* key : {"disable_ipv6", "accept_ra", "autoconf", "router_solicitations", "forwarding"})
    EXPECT_EQ(sysctl(folder + key), "0") << key;
  EXPECT_EQ(sysctl(folder + "addr_gen_mode"), "1");
  EXPECT_NE(output_of("ip link show g41home").find("NOARP"), std::string::npos);
  EXPECT_EQ(output_of("ip -6 addr show dev g41home"), "");
}

// Design: a NOARP TAP makes the kernel send to any on-link destination without neighbour discovery.
TEST_F(TapTest, OfALanGetsFramesToNeighboursNobodyResolved) {
  Tap tap = make(kLan);
  const auto network = loop::HostNetwork::create().value();
  ASSERT_TRUE(network->add_ipv6_address("g41home", *Ipv6Address::parse("2600:41::1"), 64));
  const loop::Fd socket(::socket(AF_INET6, SOCK_DGRAM, 0));
  sockaddr_in6 to{.sin6_family = AF_INET6, .sin6_port = htons(9)};
  ::inet_pton(AF_INET6, "2600:41::99", &to.sin6_addr);
  ASSERT_EQ(::sendto(socket.get(), "x", 1, 0, reinterpret_cast<const sockaddr*>(&to), sizeof to), 1);
  const auto frame = next_frame(tap, 0x86, 0xdd);
  ASSERT_EQ(frame.size(), 14U + 40U + 8U + 1U);
  EXPECT_EQ(frame[20], 17);    // UDP, not a neighbour solicitation
  EXPECT_EQ(frame[53], 0x99);  // its destination
}

TEST_F(TapTest, GivesTheKernelsFrames) {
  Tap tap = make(kWan);
  EXPECT_EQ(tap.read(buffer_), std::nullopt);
  const auto network = loop::HostNetwork::create().value();
  ASSERT_TRUE(network->set_ipv4_address("g41wan", Ipv4Address::of(11, 0, 0, 2), 24));
  ASSERT_TRUE(network->manage_neighbour("g41wan", Ipv4Address::of(11, 0, 0, 1)));
  const auto arp = next_frame(tap, 0x08, 0x06);
  ASSERT_EQ(arp.size(), 42U);
  const std::vector<uint8_t> expected{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0,  1, 0x08, 0x06,
                                      0,    1,    8,    0,    6,    4,    0, 1, 2, 0, 0,  0, 0,    1,
                                      11,   0,    0,    2,    0,    0,    0, 0, 0, 0, 11, 0, 0,    1};
  EXPECT_EQ(arp, expected);
}

// The kernel answers an ARP request for its address.
TEST_F(TapTest, GivesTheKernelFrames) {
  Tap tap = make(kWan);
  const auto network = loop::HostNetwork::create().value();
  ASSERT_TRUE(network->set_ipv4_address("g41wan", Ipv4Address::of(11, 0, 0, 2), 24));
  const std::vector<uint8_t> request{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0, 0,  9, 0x08, 0x06,
                                     0,    1,    8,    0,    6,    4,    0, 1, 2, 0, 0,  0, 0,    9,
                                     11,   0,    0,    1,    0,    0,    0, 0, 0, 0, 11, 0, 0,    2};
  ASSERT_TRUE(tap.write(request));
  const auto reply = next_frame(tap, 0x08, 0x06);
  ASSERT_EQ(reply.size(), 42U);
  EXPECT_EQ(reply[21], 2);  // a reply
  EXPECT_EQ(std::vector<uint8_t>(reply.begin() + 22, reply.begin() + 28),
            (std::vector<uint8_t>{2, 0, 0, 0, 0, 1}));
}

TEST_F(TapTest, NamesTheRemedyWhenItsNameIsTaken) {
  const Tap tap = make(kWan);
  const auto second = Tap::create(kWan);
  ASSERT_FALSE(second);
  EXPECT_NE(second.error().message.find("g41wan: another program"), std::string::npos)
      << second.error().message;
  EXPECT_NE(second.error().message.find("host.netns"), std::string::npos) << second.error().message;
}

TEST_F(TapTest, NamesTheRemedyWhenAnotherKindHasItsName) {
  output_of("ip link add g41wan type veth peer name other");
  const auto tap = Tap::create(kWan);
  ASSERT_FALSE(tap);
  EXPECT_NE(tap.error().message.find("another program"), std::string::npos) << tap.error().message;
}

TEST_F(TapTest, RefusesANameThatTheKernelWouldCut) {
  TapSettings settings = kWan;
  settings.name = "g41-sixteen-long";
  EXPECT_FALSE(Tap::create(settings));
}

}  // namespace
}  // namespace gate41::testing
