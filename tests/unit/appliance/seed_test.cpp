#include "appliance/init/seed.hpp"

#include <algorithm>
#include <gmock/gmock.h>

#include "appliance/init/ovf_environment.hpp"
#include "tests/unit/appliance/cd.hpp"

namespace gate41::testing {
namespace {

using ::testing::HasSubstr;

appliance::ReadAt reader(const std::string& image) {
  return [&image](uint64_t offset, std::size_t size) {
    return image.substr(std::min<std::size_t>(offset, image.size()), size);
  };
}

class SeedNames : public ::testing::TestWithParam<Names> {};

// proves: S73
TEST_P(SeedNames, GiveTheUserDataOfNoCloud) {
  const std::string text = "#gate41\nrole: gateway\n";
  const std::string image = cd("cidata", "user-data", text, GetParam());
  const auto seed = appliance::seed_of(reader(image));
  ASSERT_TRUE(seed);
  EXPECT_EQ(seed->text, text);
  EXPECT_THAT(seed->source, HasSubstr("NoCloud"));
}

// proves: S73
TEST_P(SeedNames, GiveTheOvfEnvironmentsProperty) {
  const std::string xml =
      "<Environment><PropertySection><Property oe:key=\"other\" oe:value=\"x\"/>\n"
      "<Property oe:key=\"gate41.config\" "
      "oe:value=\"cm9sZTog\nZ2F0ZXdheQo=\"/></PropertySection></Environment>";
  const std::string image = cd("OVF ENV", "ovf-env.xml", xml, GetParam());
  const auto seed = appliance::seed_of(reader(image));
  ASSERT_TRUE(seed);
  EXPECT_EQ(seed->text, "role: gateway\n");
}

INSTANTIATE_TEST_SUITE_P(Extensions, SeedNames, ::testing::Values(Names::joliet, Names::rock_ridge));

// proves: S73
TEST(SeedTest, IsWhatVmwareWasGiven) {
  const auto given = [](const std::string& wanted, const std::string& value) {
    return appliance::seed_of(appliance::GuestInfo(
        [=](const std::string& key) { return key == wanted ? std::optional(value) : std::nullopt; }));
  };
  const std::string base64 = "cm9sZTogZ2F0ZXdheQo=";
  EXPECT_EQ(given("guestinfo.gate41.config", base64)->text, "role: gateway\n");
  EXPECT_EQ(
      given("guestinfo.ovfEnv", "<Property oe:key=\"gate41.config\" oe:value=\"" + base64 + "\"/>")->text,
      "role: gateway\n");
  EXPECT_FALSE(given("guestinfo.gate41.config", "no base64!"));
  EXPECT_FALSE(given("guestinfo.other", base64));
}

TEST(SeedTest, IsNoneForOthersUserData) {
  const std::string image = cd("cidata", "user-data", "#cloud-config\nusers: []\n", Names::joliet);
  EXPECT_FALSE(appliance::seed_of(reader(image)));
}

TEST(SeedTest, IsNoneOnAnotherCdOrADisk) {
  const std::string other = cd("other", "user-data", "#gate41\n", Names::joliet);
  const std::string disk(1 << 20, '\0');
  EXPECT_FALSE(appliance::seed_of(reader(other)));
  EXPECT_FALSE(appliance::seed_of(reader(disk)));
}

TEST(SeedTest, IsTheWholeOneOrNoneWhereverTheCdIsCutOrRotten) {
  const std::string text = "#gate41\nrole: gateway\n";
  const std::string whole = cd("cidata", "user-data", text, Names::rock_ridge);
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    const std::string cut = whole.substr(0, length);
    const auto seed = appliance::seed_of(reader(cut));
    EXPECT_TRUE(!seed || seed->text == text) << length;
  }
  for (std::size_t at = 16 * 2048; at < 20 * 2048; ++at) {
    std::string rotten = whole;
    rotten[at] = '\xff';
    static_cast<void>(appliance::seed_of(reader(rotten)));  // the sanitizers say if it reads beyond
  }
}

TEST(Base64Test, IsReadOrRefused) {
  EXPECT_EQ(appliance::from_base64(""), "");
  EXPECT_EQ(appliance::from_base64("Zm9vYmE="), "fooba");
  EXPECT_EQ(appliance::from_base64("Zm9vYmFy"), "foobar");
  EXPECT_EQ(appliance::from_base64("Zm9v-mFy"), std::nullopt);
}

TEST(OvfPropertyTest, IsNoneInWhatIsCutShort) {
  const std::string xml = "<Property key='gate41.config' value='x'/>";
  EXPECT_EQ(appliance::ovf_property(xml, "gate41.config"), "x");
  for (std::size_t length = 0; length < xml.size() - 3; ++length)
    EXPECT_EQ(appliance::ovf_property(xml.substr(0, length), "gate41.config"), std::nullopt) << length;
}

}  // namespace
}  // namespace gate41::testing
