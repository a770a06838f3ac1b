// tunnels.NAME.broker: the fields of a good one, and each mistake once.
#include "cases.hpp"

namespace gate41::config {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view kBroker =
    "role: gateway\n"
    "ports:\n"
    "  wan: { device: net_null0 }\n"
    "  lan: { device: net_null1 }\n"
    "wan: { port: wan }\n"
    "tunnels:\n"
    "  he:\n"
    "    mode: 6in4\n"
    "    6in4: { remote: 11.0.0.9, address: \"2600:41:0:2::2/64\", prefix: \"2600:41:1::/48\" }\n"
    "    broker:\n"
    "      url: https://tb.example/nic/update\n"
    "      host: 123456\n"
    "      credentials: /etc/gate41/broker\n"
    "lans: { home: { port: lan } }\n";

Broker broker_of(std::string_view yaml) { return loaded(yaml).tunnels.at(0).broker.value(); }

// proves: U3
TEST(LoadBroker, ReadsWhatIsNeeded) {
  const Broker broker = broker_of(kBroker);
  EXPECT_EQ(broker.url, "https://tb.example/nic/update");
  EXPECT_EQ(broker.host, "123456");
  EXPECT_EQ(broker.credentials, "/etc/gate41/broker");
}

TEST(LoadBroker, KnowsTheRestByItself) {
  const Broker broker = broker_of(kBroker);
  EXPECT_EQ(broker.ca, "");
  EXPECT_EQ(broker.period, 24h);
  EXPECT_EQ(broker.send_address, Broker::SendAddress::automatic);
}

// proves: U2
TEST(LoadBroker, ReadsWhatMayBeGiven) {
  const Broker broker = broker_of(replaced(
      kBroker,
      "      host:", "      ca: /etc/ca.pem\n      period: 2h\n      send_address: no\n      host:"));
  EXPECT_EQ(broker.ca, "/etc/ca.pem");
  EXPECT_EQ(broker.period, 2h);
  EXPECT_EQ(broker.send_address, Broker::SendAddress::no);
}

TEST(LoadBroker, IsNotThereWithoutItsMap) { EXPECT_FALSE(loaded(kGateway).tunnels.at(0).broker); }

const Case kCases[] = {
    Case{
        "WithoutEncryption", kBroker, "https://tb.example", "http://tb.example",
        "f:11:12: tunnels.he.broker.url: the text is not a URL of this kind; allowed: an https:// URL, as in "
        "https://ipv4.tunnelbroker.net/nic/update\n"},
    Case{
        "CredentialsInTheUrl", kBroker, "https://tb.example", "https://user:secret@tb.example",
        "f:11:12: tunnels.he.broker.url: the text is not a URL of this kind; allowed: an https:// URL, as in "
        "https://ipv4.tunnelbroker.net/nic/update\n"},
    Case{"RelativePath", kBroker, "/etc/gate41/broker", "broker",
         "f:13:20: tunnels.he.broker.credentials: \"broker\" is not an absolute path; allowed: an absolute "
         "path\n"},
    Case{"TooOften", kBroker, "host: 123456", "host: 123456\n      period: 59min",
         "f:13:15: tunnels.he.broker.period: \"59min\" is out of range; allowed: 1h..720h\n"},
    Case{"SendMaybe", kBroker, "host: 123456", "host: 123456\n      send_address: maybe",
         "f:13:21: tunnels.he.broker.send_address: \"maybe\" is unknown; allowed: auto | yes | no\n"},
    Case{"NoHost", kBroker, "      host: 123456\n", "",
         "f:10:5: tunnels.he.broker.host: missing key; allowed: a text\n"},
    Case{"InAnotherMode", kGateway, "mode: 6to4",
         "mode: 6to4\n    broker: { url: \"https://a/\", host: a, credentials: /a }",
         "f:10:5: tunnels.main.broker: has no place in this mode; allowed: with mode: 6in4 only\n"},
};
INSTANTIATE_TEST_SUITE_P(Broker, LoadProblem, testing::ValuesIn(kCases), case_name);

}  // namespace
}  // namespace gate41::config
