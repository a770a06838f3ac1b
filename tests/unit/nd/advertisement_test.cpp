// What advertisements do to a neighbour (RFC 4861 §7.1.2, 7.2.5, Appendix C; RFC 9131).
#include "tests/unit/nd/link.hpp"

namespace gate41::testing {
namespace {

Frame advertised(const MacAddress& option, uint32_t flags) {
  return advertisement({.ether_source = option,
                        .ether_destination = kOwn,
                        .source = kHostGlobal,
                        .destination = kOwnLinkLocal,
                        .target = kHostGlobal,
                        .options = tllao(option),
                        .flags = flags});
}

Frame advertised_without_option(uint32_t flags) {
  return advertisement({.ether_source = kHost,
                        .ether_destination = kOwn,
                        .source = kHostGlobal,
                        .destination = kOwnLinkLocal,
                        .target = kHostGlobal,
                        .flags = flags});
}

// The neighbour is brought into a state first, with kHost as its MAC.
void make(ReadyLink& link, const std::string& state) {
  if (state == "incomplete") {
    link.packet(kHostGlobal, 1);
  } else {
    link.make_reachable(kHostGlobal, kHost);
    if (state != "reachable") link.advance(45s);
    if (state == "delay" || state == "probe") link.used(kHostGlobal);
    if (state == "probe") link.advance(5s);
  }
  ASSERT_EQ(link.state(kHostGlobal), state);
  link.forget();
}

struct Case {
  const char* before;
  bool other_mac;
  uint32_t flags;
  const char* after;
  bool mac_changes;
};
// The rows of RFC 4861 Appendix C, as the state after an advertisement with a link-layer address option.
constexpr Case kCases[] = {
    {"incomplete", true, 0, "stale", true},
    {"incomplete", true, kO, "stale", true},
    {"incomplete", true, kS, "reachable", true},
    {"incomplete", true, kS | kO, "reachable", true},
    {"reachable", false, 0, "reachable", false},
    {"reachable", false, kS, "reachable", false},
    {"reachable", false, kO, "reachable", false},
    {"reachable", true, 0, "stale", false},
    {"reachable", true, kS, "stale", false},
    {"reachable", true, kO, "stale", true},
    {"reachable", true, kS | kO, "reachable", true},
    {"stale", false, 0, "stale", false},
    {"stale", false, kS, "reachable", false},
    {"stale", false, kO, "stale", false},
    {"stale", true, 0, "stale", false},
    {"stale", true, kS, "stale", false},
    {"stale", true, kO, "stale", true},
    {"stale", true, kS | kO, "reachable", true},
    {"delay", false, 0, "delay", false},
    {"delay", false, kS, "reachable", false},
    {"delay", true, kS, "delay", false},
    {"delay", true, kO, "stale", true},
    {"probe", false, 0, "probe", false},
    {"probe", false, kS, "reachable", false},
    {"probe", true, kS, "probe", false},
    {"probe", true, kO, "stale", true},
    {"probe", true, kS | kO, "reachable", true},
};

// proves: H25
TEST(Advertisement, MovesTheNeighbourAsTheTableSays) {
  for (const Case& one : kCases) {
    const std::string what = std::string(one.before) + (one.other_mac ? " other mac" : " same mac") +
                             ((one.flags & kS) != 0 ? " S" : "") + ((one.flags & kO) != 0 ? " O" : "");
    ReadyLink link;
    make(link, one.before);
    link.receive(advertised(one.other_mac ? kOther : kHost, one.flags));
    EXPECT_EQ(link.state(kHostGlobal), one.after) << what;
    EXPECT_EQ(link.neighbour(kHostGlobal)->mac, one.mac_changes ? kOther : kHost) << what;
    EXPECT_EQ(link.all<nd::NeighbourUsable>().size(), one.mac_changes ? 1U : 0U) << what;
  }
}

// proves: H25
TEST(Advertisement, WithoutTheOptionConfirmsWhatIsKnown) {
  ReadyLink link;
  make(link, "probe");
  link.receive(advertised_without_option(kS));
  EXPECT_EQ(link.state(kHostGlobal), "reachable");
  EXPECT_EQ(link.neighbour(kHostGlobal)->last_confirmed, link.now);
}

// proves: H25
TEST(Advertisement, WithoutTheOptionCannotCompleteAResolution) {
  ReadyLink link;
  make(link, "incomplete");
  link.receive(advertised_without_option(kS | kO));
  EXPECT_EQ(link.state(kHostGlobal), "incomplete");
  EXPECT_TRUE(link.outputs.empty());
}

// proves: H25
TEST(Advertisement, SaysWhetherTheNeighbourIsARouter) {
  ReadyLink link;
  make(link, "reachable");
  link.receive(advertised(kHost, kR | kS));
  EXPECT_TRUE(link.neighbour(kHostGlobal)->is_router);
  link.receive(advertised(kHost, kS));
  EXPECT_FALSE(link.neighbour(kHostGlobal)->is_router);
}

// proves: H25
TEST(Advertisement, OneThatIsIgnoredLeavesIsRouterAlone) {
  ReadyLink link;
  make(link, "reachable");
  link.receive(advertised(kOther, kR | kS));
  EXPECT_FALSE(link.neighbour(kHostGlobal)->is_router);
}

// proves: H34
TEST(Advertisement, UnaskedForAnUnknownNeighbourMakesItStale) {
  ReadyLink link;
  link.receive(advertisement({.ether_source = kHost,
                              .ether_destination = mac("33:33:00:00:00:02"),
                              .source = kHostGlobal,
                              .destination = ip6("ff02::2"),
                              .target = kHostGlobal,
                              .options = tllao(kHost),
                              .flags = kO}));
  EXPECT_EQ(link.state(kHostGlobal), "stale");
  link.packet(kHostGlobal, 7);
  ASSERT_EQ(link.all<nd::Resume>().size(), 1U);
  EXPECT_EQ(number(link.all<nd::Resume>()[0].packet), 7U);
}

TEST(Advertisement, UnaskedForAnAddressOffTheLinkMakesNoNeighbour) {
  ReadyLink link;
  link.answered_by(ip6("2600:99::a"), kHost, kO);
  EXPECT_TRUE(link.engine.neighbours().empty());
}

TEST(Advertisement, UnaskedWithoutTheOptionMakesNoNeighbour) {
  ReadyLink link;
  link.receive(advertised_without_option(kO));
  EXPECT_TRUE(link.engine.neighbours().empty());
}

// proves: H25 H32 J4
TEST(Advertisement, InvalidOnesAreCountedAndChangeNothing) {
  const auto with = [](auto change) {
    Nd fields{.ether_source = kOther,
              .ether_destination = kOwn,
              .source = kHostGlobal,
              .destination = kOwnLinkLocal,
              .target = kHostGlobal,
              .options = tllao(kOther),
              .flags = kS | kO};
    change(fields);
    return advertisement(fields);
  };
  std::vector<Frame> invalid{
      with([](Nd& f) { f.hop_limit = 64; }),
      with([](Nd& f) { f.code = 1; }),
      with([](Nd& f) { f.target = ip6("ff02::1"); }),
      with([](Nd& f) { f.target = {}; }),
      with([](Nd& f) { f.source = {}; }),
      with([](Nd& f) { f.destination = ip6("ff02::1"); }),  // S=1 to a group
      with([](Nd& f) { f.options = {2, 0, 2, 0, 0, 0, 0, 1}; }),
      with([](Nd& f) { f.options = {2, 9, 2, 0, 0, 0, 0, 1}; }),
  };
  invalid.push_back(with([](Nd&) {}));
  invalid.back()[60] ^= 0x10U;
  for (std::size_t i = 0; i < invalid.size(); ++i) {
    ReadyLink link;
    make(link, "reachable");
    link.receive(invalid[i]);
    EXPECT_EQ(link.engine.invalid(), 1U) << i;
    EXPECT_EQ(link.neighbour(kHostGlobal)->mac, kHost) << i;
    EXPECT_EQ(link.state(kHostGlobal), "reachable") << i;
    EXPECT_TRUE(link.outputs.empty()) << i;
  }
}

// A group's MAC, or one of another length, in the option is no address of a machine.
TEST(Advertisement, AGroupMacIsNotTaken) {
  ReadyLink link;
  make(link, "incomplete");
  link.receive(advertised(mac("33:33:00:00:00:01"), kS | kO));
  EXPECT_EQ(link.state(kHostGlobal), "incomplete");
}

}  // namespace
}  // namespace gate41::testing
