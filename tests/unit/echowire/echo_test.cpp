// Requests on the wire, and what counts as an answer to one.
#include "control/echowire/echo.hpp"

#include <gtest/gtest.h>
#include <random>

#include "tests/unit/echowire/packets.hpp"

namespace gate41::testing {
namespace {

Packet request(uint16_t size = 56) {
  return echowire::build_request({kOwn, kServer, 0x12345678, size, echowire::kHopLimit});
}

TEST(EchoRequest, IsOfRfc4443WithItsDataCounted) {
  for (const uint16_t size : {uint16_t{0}, uint16_t{1}, uint16_t{56}, echowire::kMaxSize}) {
    const Packet expected =
        PacketBuilder().ipv6(kOwn, kServer).hop_limit(64).echo_request(0x1234, 0x5678).payload(size).build();
    EXPECT_EQ(request(size), expected) << size;
  }
  EXPECT_EQ(request(echowire::kMaxSize).size(), 1500U);
}

TEST(EchoAnswer, OfAReplySaysWhoseItIsAndHowFarItCame) {
  const auto answer = echowire::read_answer(reply_to(request()));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->from, kServer);
  EXPECT_EQ(answer->own, kOwn);
  EXPECT_EQ(answer->token, 0x12345678U);
  EXPECT_EQ(answer->size, 56);
  EXPECT_EQ(answer->hop_limit, 57);
  EXPECT_TRUE(answer->verdict.is_reply());
  EXPECT_FALSE(answer->target);
}

TEST(EchoAnswer, OfAnErrorIsAboutTheQuotedRequest) {
  const auto answer = echowire::read_answer(error_about(request(), 1, 0));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->from, kRouter);
  EXPECT_EQ(answer->token, 0x12345678U);
  EXPECT_EQ(answer->target, kServer);
  EXPECT_FALSE(answer->verdict.is_reply());
}

TEST(EchoAnswer, AQuoteThatIsCutOffBehindTheTokenWillDo) {
  Packet quote = request(1000);
  quote.resize(48);
  EXPECT_TRUE(echowire::read_answer(error_about(quote, 3, 0)));
  quote.resize(47);
  EXPECT_FALSE(echowire::read_answer(error_about(quote, 3, 0)));
}

TEST(EchoAnswer, IsNoRequestNoOtherQuoteAndNothingSpoilt) {
  EXPECT_FALSE(echowire::read_answer(request()));
  const Packet reply = reply_to(request());
  EXPECT_FALSE(echowire::read_answer(error_about(reply, 1, 0)));
  const Packet udp = PacketBuilder().ipv6(kOwn, kServer).udp(1, 2).payload(8).build();
  EXPECT_FALSE(echowire::read_answer(error_about(udp, 1, 0)));
  const Packet foreign = PacketBuilder().ipv6(kServer, kRouter).echo_request(1, 1).build();
  EXPECT_FALSE(echowire::read_answer(error_about(foreign, 1, 0)));
  Packet spoilt = reply;
  spoilt[42] ^= 1U;
  EXPECT_FALSE(echowire::read_answer(spoilt));
  EXPECT_FALSE(echowire::read_answer({}));
}

TEST(EchoAnswer, OfMutatedBytesIsNothing) {
  std::mt19937 random(7);
  for (int i = 0; i < 20000; ++i) {
    Packet packet = i % 2 == 0 ? reply_to(request()) : time_exceeded(request());
    const std::size_t at = 4 + random() % (packet.size() - 4);
    if (at == 7) continue;  // the hop limit, which nothing protects
    packet[at] = static_cast<uint8_t>(packet[at] ^ (1U + random() % 255U));
    if (random() % 4 == 0) packet.resize(random() % packet.size());
    ASSERT_FALSE(echowire::read_answer(packet)) << "byte " << at;
  }
}

TEST(EchoVerdict, SaysWhatAnErrorMeans) {
  const std::pair<echowire::Verdict, const char*> cases[] = {
      {{1, 0, 0}, "destination unreachable, no route"},
      {{1, 1, 0}, "destination unreachable, prohibited"},
      {{1, 3, 0}, "destination unreachable, address unreachable"},
      {{1, 6, 0}, "destination unreachable, rejected by a route"},
      {{1, 7, 0}, "destination unreachable, code 7"},
      {{2, 0, 1280}, "packet too big, mtu 1280"},
      {{3, 0, 0}, "time exceeded"},
      {{3, 1, 0}, "time exceeded, a fragment was missing"},
      {{4, 1, 40}, "parameter problem at byte 40"},
  };
  for (const auto& [verdict, sentence] : cases) EXPECT_EQ(verdict.to_string(), sentence);
}

}  // namespace
}  // namespace gate41::testing
