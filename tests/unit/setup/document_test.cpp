#include "control/setup/document.hpp"

#include <gmock/gmock.h>

namespace gate41::setup {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;

Document document(const std::string& text) { return Document::parse(text).value(); }

TEST(DocumentTest, HasValuesByTheirPaths) {
  const Document d = document("wan: { port: wan, ipv4: dhcp }\nrelays: [11.0.0.1, 11.0.0.2]\n");
  EXPECT_EQ(d.get("wan.port"), "wan");
  EXPECT_EQ(d.get("relays"), "11.0.0.1, 11.0.0.2");
  for (const char* path : {"wan", "wan.none", "none", "wan.port.below", "relays.below", ""})
    EXPECT_EQ(d.get(path), "") << path;
}

TEST(DocumentTest, HasTheNamesOfAMapInOrder) {
  EXPECT_THAT(document("lans: { home: { port: lan }, guests: { port: lan } }\n").names("lans"),
              ElementsAre("home", "guests"));
  EXPECT_THAT(document("lans: x\n").names("lans"), IsEmpty());
}

TEST(DocumentTest, ChangesOneValueAndKeepsTheRest) {
  Document d = document("role: gateway\nports:\n  wan: { device: \"0000:00:03.0\" }\n");
  const std::string before = d.text();
  d.set("role", "relay");
  EXPECT_EQ(d.get("role"), "relay");
  EXPECT_EQ(d.get("ports.wan.device"), "0000:00:03.0");
  d.set("role", "gateway");
  EXPECT_EQ(d.text(), before);
}

TEST(DocumentTest, MakesTheMapsOnTheWayAlsoInAValuesPlace) {
  Document d = document("wan: { ipv4: dhcp }\n");
  d.set("wan.ipv4.address", "11.0.0.2/24");
  d.set("tunnels.main.mode", "auto");
  EXPECT_EQ(d.get("wan.ipv4.address"), "11.0.0.2/24");
  EXPECT_EQ(d.get("tunnels.main.mode"), "auto");
}

TEST(DocumentTest, TakesListsAsTheyAreTyped) {
  Document d = document("a: b\n");
  d.set_list("relays", " 11.0.0.1,11.0.0.2  11.0.0.3 ");
  EXPECT_EQ(d.get("relays"), "11.0.0.1, 11.0.0.2, 11.0.0.3");
  d.set_list("relays", "");
  EXPECT_EQ(d.get("relays"), "");
}

TEST(DocumentTest, RemovesAValueOrAMap) {
  Document d = document("tunnels: { main: { mode: 6rd, 6rd: { prefix: x } } }\n");
  d.remove("tunnels.main.6rd");
  EXPECT_THAT(d.text(), Not(HasSubstr("prefix")));
  EXPECT_EQ(d.get("tunnels.main.mode"), "6rd");
  const std::string before = d.text();
  for (const char* path : {"tunnels.none", "none.none", "tunnels.main.mode.below"}) d.remove(path);
  EXPECT_EQ(d.text(), before);
}

TEST(DocumentTest, NeverMixesCopies) {
  const Document first = document("a: 1\n");
  Document second = first;
  second.set("a", "2");
  EXPECT_EQ(first.get("a"), "1");
}

TEST(DocumentTest, RefusesWhatIsNoMap) {
  for (const char* text : {"", "a", "[a]", "a: [", "a: *b"}) EXPECT_FALSE(Document::parse(text)) << text;
}

TEST(DocumentTest, StaysAsItWasReadUntilItSaysSomethingElse) {
  const std::string source = "# mine\nrole:   relay\n";
  Document document = Document::parse(source).value();
  EXPECT_EQ(document.file(), source);
  document.set("role", "gateway");
  EXPECT_EQ(document.file(), "role: gateway\n");
  document.set("role", "relay");
  EXPECT_EQ(document.file(), source);
}

TEST(DocumentTest, KnowsACommentFromASignInAValue) {
  for (const char* text : {"# first\na: b\n", "a: b # why\n", "a: b\n\t# c", "a: \"#\" # c"})
    EXPECT_TRUE(has_comments(text)) << text;
  for (const char* text : {"", "a: b\n", "a: b#c\n", "a: \"b # c\"\n", "a: ['# b', '#']\n"})
    EXPECT_FALSE(has_comments(text)) << text;
}

}  // namespace
}  // namespace gate41::setup
