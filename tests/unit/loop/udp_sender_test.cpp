#include "control/loop/udp_sender.hpp"

#include <array>
#include <netinet/in.h>
#include <sys/socket.h>

#include "tests/unit/loop/sandbox.hpp"

namespace gate41::testing {
namespace {

using UdpSenderTest = NamespaceTest;

sockaddr_in loopback(uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(0x7f000001);
  return address;
}

TEST_F(UdpSenderTest, SendsFromTheGivenAddressAndPorts) {
  output_of("ip link set lo up");
  const loop::Fd server(::socket(AF_INET, SOCK_DGRAM, 0));
  const sockaddr_in at = loopback(67);
  ASSERT_EQ(::bind(server.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
  const std::array<uint8_t, 4> payload{1, 2, 3, 4};
  const auto sent = loop::send_udp(
      {.ifname = "lo", .source = Ipv4Address::of(127, 0, 0, 5), .destination = Ipv4Address::of(127, 0, 0, 1)},
      payload);
  ASSERT_TRUE(sent) << sent.error().message;
  ASSERT_TRUE(wait_readable(server.get()));
  std::array<uint8_t, 16> got{};
  sockaddr_in from{};
  socklen_t size = sizeof from;
  ASSERT_EQ(::recvfrom(server.get(), got.data(), got.size(), 0, reinterpret_cast<sockaddr*>(&from), &size),
            4);
  EXPECT_EQ(got[3], 4);
  EXPECT_EQ(ntohs(from.sin_port), 68);
  EXPECT_EQ(ntohl(from.sin_addr.s_addr), 0x7f000005U);
}

TEST_F(UdpSenderTest, SaysWhichInterfaceIsMissing) {
  const auto sent = loop::send_udp({.ifname = "g41wan",
                                    .source = Ipv4Address::of(11, 0, 0, 2),
                                    .destination = Ipv4Address::of(11, 0, 0, 1)},
                                   {});
  ASSERT_FALSE(sent);
  EXPECT_EQ(sent.error().message, "udp: cannot send from 11.0.0.2:68 on g41wan: No such device");
}

TEST_F(UdpSenderTest, AQuestionGetsTheAnswerOfWhoWasAskedAlone) {
  output_of("ip link set lo up");
  const loop::Fd server(::socket(AF_INET, SOCK_DGRAM, 0));
  const loop::Fd other(::socket(AF_INET, SOCK_DGRAM, 0));
  const sockaddr_in at = loopback(123);
  ASSERT_EQ(::bind(server.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
  const auto question = loop::udp_question("lo", Ipv4Address::of(127, 0, 0, 1), 123);
  ASSERT_TRUE(question) << question.error().message;
  ASSERT_EQ(::send(question->get(), "?", 1, 0), 1);
  sockaddr_in from{};
  socklen_t size = sizeof from;
  std::array<char, 16> got{};
  ASSERT_TRUE(wait_readable(server.get()));
  ASSERT_EQ(::recvfrom(server.get(), got.data(), got.size(), 0, reinterpret_cast<sockaddr*>(&from), &size),
            1);
  ::sendto(other.get(), "no", 2, 0, reinterpret_cast<const sockaddr*>(&from), size);
  ::sendto(server.get(), "yes", 3, 0, reinterpret_cast<const sockaddr*>(&from), size);
  ASSERT_TRUE(wait_readable(question->get()));
  EXPECT_EQ(::recv(question->get(), got.data(), got.size(), 0), 3);
}

}  // namespace
}  // namespace gate41::testing
