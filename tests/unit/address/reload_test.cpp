// A changed configuration is followed at once.
#include "tests/unit/address/bench.hpp"

namespace gate41::testing {
namespace {

using address::Fetch;
using address::State;

TEST(AddressReload, WithNothingChangedChangesNothing) {
  Bench bench(three_echoes());
  bench.discovery.on_interface(kPrivate);
  (void)bench.verdict();
  bench.discovery.configure(three_echoes());
  EXPECT_TRUE(bench.discovery.take_outputs().empty());
}

TEST(AddressReload, BeforeThereIsAnInterfaceWaits) {
  Bench bench(echoes({}));
  bench.discovery.configure(three_echoes());
  EXPECT_TRUE(bench.discovery.take_outputs().empty());
  bench.discovery.on_interface(kPrivate);
  EXPECT_EQ(bench.take<Fetch>().size(), 3U);
}

struct NattedSite : Bench {
  NattedSite() : Bench(three_echoes()) {
    discovery.on_interface(kPrivate);
    for (const Fetch& question : take<Fetch>()) answer(question.id, "11.0.0.42");
    (void)verdict();
  }
};

// proves: X3
TEST(AddressReload, ThatForbidsTheNatTakesTheAddressAway) {
  NattedSite site;
  address::Settings settings = three_echoes();
  settings.behind_nat_allowed = false;
  site.discovery.configure(settings);
  EXPECT_EQ(site.verdict(), kNone);
}

TEST(AddressReload, ThatOnlyAsksOthersKeepsTheAddressMeanwhile) {
  NattedSite site;
  site.discovery.configure(echoes({"http://d/", "http://e/"}));
  const auto outputs = site.discovery.take_outputs();
  ASSERT_EQ(outputs.size(), 2U);
  EXPECT_EQ(std::get<Fetch>(outputs[0]).url, "http://d/");
  EXPECT_EQ(std::get<Fetch>(outputs[1]).url, "http://e/");
  EXPECT_EQ(site.discovery.state(), State::found);
}

TEST(AddressReload, IgnoresAnswersToTheOldQuestions) {
  Bench bench(three_echoes());
  bench.discovery.on_interface(kPrivate);
  const auto old = bench.take<Fetch>();
  bench.discovery.configure(echoes({"http://d/", "http://e/"}));
  for (const Fetch& question : old) bench.answer(question.id, "11.0.0.42");
  EXPECT_TRUE(bench.take<address::Found>().empty());
}

TEST(AddressReload, ThatTakesTheConfiguredAddressBackVoidsIt) {
  address::Settings settings = three_echoes();
  settings.literal = kPublic;
  Bench bench(settings);
  bench.discovery.on_interface(kPrivate);
  (void)bench.verdict();
  bench.discovery.configure(three_echoes());
  EXPECT_EQ(bench.verdict(), kNone);
  EXPECT_EQ(bench.discovery.state(), State::asking);
}

TEST(AddressReload, MovesToAnotherConfiguredAddress) {
  address::Settings settings;
  settings.literal = kPublic;
  Bench bench(settings);
  bench.discovery.on_interface(kPrivate);
  settings.literal = kOtherPublic;
  bench.discovery.configure(settings);
  EXPECT_EQ(bench.verdict(), is(kOtherPublic));
}

// proves: X11
TEST(AddressReload, ThatClosesTheLaboratoryTakesItsAddressAway) {
  address::Settings settings = echoes({});
  settings.lab_allow = {{ip4("192.0.2.0"), 24}};
  Bench bench(settings);
  bench.discovery.on_interface(ip4("192.0.2.1"));
  (void)bench.verdict();
  bench.discovery.configure(echoes({}));
  EXPECT_EQ(bench.verdict(), kNone);
  EXPECT_EQ(bench.discovery.state(), State::refused);
}

}  // namespace
}  // namespace gate41::testing
