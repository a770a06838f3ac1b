// Opposite a hypervisor of the test's, which takes and gives what VMware's does.
#include "appliance/init/vmware_backdoor.hpp"

#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>

namespace gate41::testing {
namespace {

using appliance::BackdoorRegisters;

constexpr uint32_t kDone = 0x00010000;
constexpr uint32_t kAnswerIsThere = 0x00020000;
constexpr uint32_t kId = 7;
constexpr uint32_t kCookieHigh = 0xc001;
constexpr uint32_t kCookieLow = 0xc002;

// Answers one request; fails the call of this number, from 1.
class Hypervisor {
 public:
  explicit Hypervisor(std::string answer) : answer_(std::move(answer)) {}

  void operator()(BackdoorRegisters& r) {
    ASSERT_EQ(r.eax, 0x564d5868U);
    ASSERT_EQ(r.edx & 0xffffU, 0x5658U);
    ASSERT_EQ(r.ecx & 0xffffU, 0x1eU);
    const uint32_t step = r.ecx >> 16U;
    if (step != 0) {
      ASSERT_EQ(r.edx >> 16U, kId);
      ASSERT_EQ(r.esi, kCookieHigh);
      ASSERT_EQ(r.edi, kCookieLow);
    }
    r.ecx = ++calls == fails_at ? 0 : kDone;
    if (r.ecx != 0) answer(step, r);
  }

  int calls = 0;
  int fails_at = 0;
  int open = 0;  // channels
  std::string request;

 private:
  void answer(uint32_t step, BackdoorRegisters& r) {
    switch (step) {
      case 0:
        ASSERT_EQ(r.ebx, 0x49435052U | 0x80000000U);
        r.edx = kId << 16U;
        r.esi = kCookieHigh;
        r.edi = kCookieLow;
        request.clear();
        taken_ = 0;
        ++open;
        return;
      case 1:
        size_ = r.ebx;
        return;
      case 2:
        request.append(reinterpret_cast<const char*>(&r.ebx),
                       std::min<std::size_t>(4, size_ - request.size()));
        return;
      case 3:
        r.ecx |= kAnswerIsThere;
        r.ebx = static_cast<uint32_t>(answer_.size());
        r.edx = 1U << 16U;
        return;
      case 4:
        std::memcpy(&r.ebx, answer_.data() + taken_, std::min<std::size_t>(4, answer_.size() - taken_));
        taken_ += 4;
        r.edx = 2U << 16U;
        return;
      case 5:
        return;
      case 6:
        --open;
        return;
      default:
        FAIL() << step;
    }
  }

  std::string answer_;
  std::size_t size_ = 0;
  std::size_t taken_ = 0;
};

std::optional<std::string> ask(Hypervisor& hypervisor, const std::string& request) {
  return appliance::ask_backdoor([&](BackdoorRegisters& r) { hypervisor(r); }, request);
}

// proves: S73
TEST(VmwareBackdoor, GivesTheAnswerToARequest) {
  for (const std::string answer : {"1 ", "1 a", "1 ab", "1 abc", "1 abcd", "0 No value found"}) {
    Hypervisor hypervisor(answer);
    EXPECT_EQ(ask(hypervisor, "info-get guestinfo.x"), answer);
    EXPECT_EQ(hypervisor.request, "info-get guestinfo.x");
    EXPECT_EQ(hypervisor.open, 0) << "the channel is closed";
  }
}

TEST(VmwareBackdoor, AsksAgainWhenACallFails) {
  Hypervisor whole("1 abcd");
  ask(whole, "info-get x");
  for (int call = 1; call < whole.calls; ++call) {  // the last one closes
    Hypervisor hypervisor("1 abcd");
    hypervisor.fails_at = call;
    EXPECT_EQ(ask(hypervisor, "info-get x"), "1 abcd") << call;
    EXPECT_EQ(hypervisor.open, 0) << call;
  }
}

TEST(VmwareBackdoor, GivesUpWhereNobodyAnswers) {
  int calls = 0;
  const auto silent = [&](BackdoorRegisters& r) {
    ++calls;
    r = {.eax = 0xffffffff, .ecx = 0};
  };
  EXPECT_FALSE(appliance::ask_backdoor(silent, "info-get x"));
  EXPECT_EQ(calls, 3);
}

TEST(VmwareBackdoor, TakesNoAnswerWithoutEnd) {
  Hypervisor hypervisor(std::string(appliance::kLongestAnswer + 1, 'x'));
  EXPECT_FALSE(ask(hypervisor, "info-get x"));
  EXPECT_EQ(hypervisor.open, 0);
}

TEST(VmwareBackdoor, AsksNoOtherHypervisor) {
  EXPECT_FALSE(appliance::vmware_guest_info("guestinfo.ovfEnv"));
}

}  // namespace
}  // namespace gate41::testing
