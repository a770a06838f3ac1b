// Every reason of drop_reasons.def: a packet that moves its counter and no other, or where else it is proved.
#include <algorithm>
#include <gtest/gtest.h>
#include <map>

#include "tests/unit/worker/drop_cases.hpp"

namespace gate41::testing {
namespace {

// The pipeline knows no other workers.
const std::map<DropReason, std::string_view> kProvedElsewhere = {
    {DropReason::handover_full,
     "counted where packets are handed to their owner worker, between two workers"},
};

std::string_view name_of(DropReason reason) { return text_of(reason).name; }

std::vector<DropCase> gateway_cases() {
  std::vector<DropCase> all;
  for (auto&& some : {frame_drop_cases(), tunnel_drop_cases(), fragment_drop_cases(), filter_drop_cases(),
                      forward_drop_cases()})
    all.insert(all.end(), some.begin(), some.end());
  return all;
}

void expect_one_drop(const CounterTotals& before, const CounterTotals& after, DropReason reason) {
  for (std::size_t i = 0; i < kDropReasonCount; ++i) {
    const auto other = static_cast<DropReason>(i);
    EXPECT_EQ(after.drops[i] - before.drops[i], other == reason ? 1U : 0U) << name_of(other);
  }
}

// proves: C1 C2 C3 C4 C5 C6 C7 C8 C10 C11 C12 C13 C14 C15 C16 C20 C25 D20 D26 D29 F4 K1 K3 K4 K5 K53 K54 K55
// K58 Q6 X26
TEST(DropReasons, EachGatewayCaseMovesItsCounterAndNoOther) {
  for (const DropCase& one : gateway_cases()) {
    SCOPED_TRACE(name_of(one.reason));
    GatewaySite site(one.flows);
    one.prepare(site);
    const CounterTotals before = site.totals();
    one.act(site);
    expect_one_drop(before, site.totals(), one.reason);
    site.check_conservation();
  }
}

// proves: A17 C21 C22 B27
TEST(DropReasons, EachRelayCaseMovesItsCounterAndNoOther) {
  for (const RelayDropCase& one : relay_drop_cases()) {
    SCOPED_TRACE(name_of(one.reason));
    RelaySite site;
    const CounterTotals before = site.totals();
    one.act(site);
    expect_one_drop(before, site.totals(), one.reason);
  }
}

TEST(DropReasons, EachIsProvedExactlyOnce) {
  std::map<DropReason, unsigned> proofs;
  for (const DropCase& one : gateway_cases()) ++proofs[one.reason];
  for (const RelayDropCase& one : relay_drop_cases()) ++proofs[one.reason];
  for (const auto& [reason, where] : kProvedElsewhere) ++proofs[reason];
  for (std::size_t i = 0; i < kDropReasonCount; ++i)
    EXPECT_EQ(proofs[static_cast<DropReason>(i)], 1U) << kDropReasons[i].name;
}

}  // namespace
}  // namespace gate41::testing
