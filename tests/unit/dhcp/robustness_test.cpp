// Years of DHCP, thousands of spoilt replies, and clients left alone: nothing hangs, crashes or believes too
// much.
#include <gtest/gtest.h>
#include <random>

#include "tests/unit/dhcp/site.hpp"

namespace gate41::testing {
namespace {

using dhcp::State;

// A second opinion on whether these bytes may give a lease, by offsets and a plain walk, for replies without
// overload. It asks for what must be there; it does not read what may be.
class Judge {
 public:
  Judge(const Octets& payload, uint32_t xid) : p_(payload), xid_(xid) {}

  [[nodiscard]] bool may_bind() const {
    if (p_.size() < 240 || p_[0] != 2 || p_[1] != 1 || p_[2] != 6) return false;
    if (word(4) != xid_ || word(236) != 0x63825363) return false;
    if (!std::equal(kClientMac.bytes.begin(), kClientMac.bytes.end(), p_.begin() + 28)) return false;
    const Octets type = value(53);
    return type.size() == 1 && type[0] == kAck && is_host(word(16)) && value(54) == octets(kServer) &&
           value(51).size() == 4 && value(51) != Octets{0, 0, 0, 0};
  }

 private:
  [[nodiscard]] uint32_t word(std::size_t at) const {
    return uint32_t{p_[at]} << 24U | uint32_t{p_[at + 1]} << 16U | uint32_t{p_[at + 2]} << 8U | p_[at + 3];
  }
  static bool is_host(uint32_t address) {
    const uint32_t net = address >> 24U;
    return net > 0 && net != 127 && net < 224;
  }
  // All pieces of `code`; empty too when the walk fails.
  [[nodiscard]] Octets value(uint8_t code) const {
    Octets all;
    std::size_t at = 240;
    while (at < p_.size() && p_[at] != 255) {
      if (p_[at] == 0) {
        ++at;
        continue;
      }
      if (at + 1 >= p_.size() || at + 2 + p_[at + 1] > p_.size()) return {};
      if (p_[at] == code)
        all.insert(all.end(), p_.begin() + static_cast<long>(at) + 2,
                   p_.begin() + static_cast<long>(at) + 2 + p_[at + 1]);
      at += 2U + p_[at + 1];
    }
    return all;
  }
  const Octets& p_;
  uint32_t xid_;
};

Octets rich_ack(const Asked& asked) {
  return answer_to(asked, kAck)
      .with(3, octets(kServer))
      .with(6, joined({octets(kServer), octets(kOtherServer)}))
      .with(26, {5, 220})
      .with(58, octets(1000U))
      .with(59, octets(2000U))
      .with(121, {0, 11, 0, 0, 1, 8, 10, 11, 0, 0, 3})
      .bytes();
}

using Random = std::mt19937_64;

void change_a_byte(Octets& bytes, Random& random) {
  // Half of the changes hit the options, where the parsing is.
  const std::size_t from = random() % 2 == 0 && bytes.size() > 241 ? 240 : 0;
  bytes[from + random() % (bytes.size() - from)] = static_cast<uint8_t>(random());
}
void cut(Octets& bytes, Random& random) { bytes.resize(random() % bytes.size() + 1); }
void lengthen(Octets& bytes, Random& random) {
  for (std::size_t n = random() % 300; n > 0; --n) bytes.push_back(static_cast<uint8_t>(random()));
}
void repeat_a_part(Octets& bytes, Random& random) {
  const auto from = static_cast<long>(random() % bytes.size());
  const Octets part(bytes.begin() + from, bytes.end());
  bytes.insert(bytes.end(), part.begin(), part.end());
}

Octets mutated(Octets bytes, Random& random) {
  for (std::size_t n = random() % 4 + 1; n > 0; --n) {
    switch (random() % 8) {
      case 0:
        cut(bytes, random);
        break;
      case 1:
        lengthen(bytes, random);
        break;
      case 2:
        repeat_a_part(bytes, random);
        break;
      default:
        change_a_byte(bytes, random);
        break;
    }
  }
  return bytes;
}

// proves: M19
TEST(DhcpFuzz, NoSpoiltAckGivesALease) {
  Random random(41);
  int bound = 0;
  for (int round = 0; round < 4000; ++round) {
    Site site(random());
    site.start();
    site.offer();
    const Octets payload = mutated(rich_ack(site.last()), random);
    const bool may_bind = Judge(payload, site.last().xid).may_bind();
    site.receive(payload);
    if (site.client.lease()) ++bound;
    ASSERT_TRUE(may_bind || !site.client.lease()) << round;
  }
  EXPECT_GT(bound, 200);  // the mutations are mild enough to say something
}

// Any reply at any moment, for many hours of the client's time.
// proves: M19
TEST(DhcpFuzz, NoStreamOfRepliesStopsTheClient) {
  Random random(42);
  for (int round = 0; round < 50; ++round) {
    Site site(random());
    site.start();
    for (int i = 0; i < 100 && !site.stuck; ++i) {
      const auto type = static_cast<uint8_t>(random() % 9);
      Octets payload = answer_to(site.last(), type, static_cast<uint32_t>(random() % 5)).bytes();
      site.receive(random() % 2 == 0 ? payload : mutated(payload, random));
      if (site.client.next_deadline()) site.step();
    }
    ASSERT_FALSE(site.stuck) << round;
    ASSERT_TRUE(site.client.next_deadline() || site.client.lease()) << round;
  }
}

TEST(DhcpFuzz, NoBytesAtAllAreFine) {
  Site site;
  site.start();
  site.receive(Octets{});
  EXPECT_EQ(site.client.state(), State::selecting);
}

class LeaseTime : public ::testing::TestWithParam<uint32_t> {};

TEST_P(LeaseTime, EveryTimerMovesItsDeadlineAhead) {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    Site site = bound_site(GetParam(), seed);
    for (int i = 0; i < 200 && site.client.next_deadline(); ++i) site.step();
    ASSERT_FALSE(site.stuck) << seed;
  }
}

INSTANTIATE_TEST_SUITE_P(All, LeaseTime,
                         ::testing::Values(1, 2, 3, 7, 59, 60, 61, 119, 3600, 86400, 31536000, 0xfffffffe,
                                           0xffffffff));

// Four years of leases of a day, every tenth answer missing.
TEST(DhcpYears, KeepOneAddress) {
  Site site = bound_site(86400);
  const TimePoint end = site.now + hours(24 * 365 * 4);
  for (int i = 0; site.now < end; ++i) {
    site.step();
    if (i % 10 != 9) site.receive(answer_to(site.last(), kAck, 86400));
  }
  EXPECT_EQ(site.gained.size(), 1U);
  EXPECT_TRUE(site.lost.empty());
  EXPECT_GT(site.updated.size(), 365U * 4U);
}

// The server is away for a day, once a month: the lease goes and comes back each time.
TEST(DhcpYears, RecoverFromEveryOutage) {
  Site site = bound_site(3600);
  for (int month = 0; month < 6; ++month) {
    site.run_for(hours(24));
    ASSERT_TRUE(site.run_to(State::selecting));
    site.bind(3600);
    for (int i = 0; i < 2 * 24 * 30; ++i) {
      site.step();
      site.receive(answer_to(site.last(), kAck, 3600));
    }
  }
  EXPECT_EQ(site.lost.size(), 6U);
  EXPECT_EQ(site.gained.size(), 7U);
}

// Silence costs the network one packet a minute, and memory nothing.
TEST(DhcpMonth, OfSilenceIsQuiet) {
  Site site;
  site.start();
  site.run_for(hours(24 * 30));
  EXPECT_FALSE(site.stuck);
  EXPECT_NEAR(static_cast<double>(site.asked.size()), 30.0 * 86400 / 64, 30.0 * 86400 / 64 * 0.01);
}

}  // namespace
}  // namespace gate41::testing
