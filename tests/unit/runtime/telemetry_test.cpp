// The commands under /gate41/, asked through DPDK's socket as its own client does.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <rte_eal.h>

#include "tests/unit/runtime/box.hpp"

namespace gate41::testing {
namespace {

using Json = nlohmann::json;

std::string receive_message(int fd) {
  std::string message(65536, '\0');
  const auto length = ::recv(fd, message.data(), message.size(), 0);
  message.resize(length > 0 ? static_cast<std::size_t>(length) : 0);
  return message;
}

// The answer's content; null when there is none.
Json ask(const std::string& command) {
  sockaddr_un address{AF_UNIX, {}};
  const std::string path = std::string(rte_eal_get_runtime_dir()) + "/dpdk_telemetry.v2";
  path.copy(address.sun_path, sizeof address.sun_path - 1);
  const int fd = ::socket(AF_UNIX, SOCK_SEQPACKET, 0);
  Json content;
  if (::connect(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
    static_cast<void>(receive_message(fd));  // the greeting
    EXPECT_EQ(::send(fd, command.data(), command.size(), 0), static_cast<ssize_t>(command.size()));
    content = Json::parse(receive_message(fd), nullptr, false).value(command, Json());
  }
  ::close(fd);
  return content;
}

void drop_a_frame() {
  const uint64_t before = box().counters().dropped;
  ASSERT_TRUE(box().inject_frame(kWan, unknown_frame()));
  ASSERT_TRUE(
      eventually([&] { return box().counters().dropped == before + 1 && box().counters().conserved(); }));
}

}  // namespace

TEST(Telemetry, TellsTheCounters) {
  drop_a_frame();
  const Json counters = ask("/gate41/counters");
  EXPECT_EQ(counters.value("dropped", uint64_t{0}), box().counters().dropped);
  EXPECT_EQ(counters.value("tx", uint64_t{0}), box().counters().tx);
}

TEST(Telemetry, TellsDropsByReason) {
  drop_a_frame();
  const Json drops = ask("/gate41/drops");
  ASSERT_EQ(drops.size(), kDropReasonCount);
  EXPECT_EQ(drops.value("ether_type_unknown", uint64_t{0}),
            box().counters().drops[static_cast<std::size_t>(DropReason::ether_type_unknown)]);
}

TEST(Telemetry, TellsLinksByName) {
  drop_a_frame();
  const Json links = ask("/gate41/links");
  ASSERT_TRUE(links.contains("wan"));
  EXPECT_TRUE(links.contains("lan_1"));  // DPDK allows no '-' in names
  EXPECT_EQ(links["wan"].value("tx_packets", uint64_t{0}), box().counters().links[kWan].tx_packets);
}

TEST(Telemetry, TellsTheFlowTablesSize) { EXPECT_EQ(ask("/gate41/flows").value("max", uint64_t{0}), 4096u); }

}  // namespace gate41::testing
