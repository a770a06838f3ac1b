// Opposite a server on `lo`, in a network namespace of the test's own.
#include "control/daemon/syslog_sender.hpp"

#include <array>
#include <netinet/in.h>
#include <sys/socket.h>

#include "tests/unit/loop/sandbox.hpp"

namespace gate41::testing {
namespace {

constexpr Ipv4Address kServer = Ipv4Address::of(127, 0, 0, 1);

class SyslogSenderTest : public NamespaceTest {
 protected:
  void SetUp() override {
    NamespaceTest::SetUp();
    output_of("ip link set lo up");
    server_.reset(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(514);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::bind(server_.get(), reinterpret_cast<const sockaddr*>(&at), sizeof at), 0);
  }
  // The next message; empty: none is there.
  std::string received() const {
    std::array<char, 2048> bytes{};
    const ssize_t got = ::recv(server_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    return {bytes.data(), static_cast<std::size_t>(std::max<ssize_t>(got, 0))};
  }
  loop::Fd server_;
};

TEST_F(SyslogSenderTest, SendsWhatIsLogged) {
  SyslogSender sender("lo");
  sender.configure(kServer);
  log_warning("no lease");
  log_info("a lease");
  sender.send();
  EXPECT_TRUE(received().starts_with("<28>1 ")) << "a warning of a daemon";
  EXPECT_TRUE(received().ends_with(" - - a lease"));
  EXPECT_EQ(received(), "");
  EXPECT_EQ(sender.trouble(), "");
}

// As gate41-init's, which the daemon has for standard input.
class SyslogOfTheSupervisor : public SyslogSenderTest {
 protected:
  SyslogOfTheSupervisor() {
    std::array<int, 2> ends{-1, -1};
    ::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data());
    init_.reset(ends[0]);
    daemon_.reset(ends[1]);
  }
  void say(std::string_view line) const { ::send(init_.get(), line.data(), line.size(), MSG_NOSIGNAL); }
  loop::Fd init_;
  loop::Fd daemon_;
};

TEST_F(SyslogOfTheSupervisor, GoesToTheServerWithItsLevel) {
  SyslogSender sender("lo", daemon_.get());
  sender.configure(kServer);
  say("<4>no data partition");
  say("gate41d was killed by signal 9");
  sender.send();
  const std::string first = received();
  EXPECT_TRUE(first.starts_with("<28>1 ")) << first;
  EXPECT_TRUE(first.ends_with(" - - gate41-init: no data partition")) << first;
  EXPECT_TRUE(received().ends_with(" - - gate41-init: gate41d was killed by signal 9"));
  EXPECT_EQ(received(), "");
}

TEST_F(SyslogOfTheSupervisor, IsOutOfDateWhenAServerIsConfiguredLater) {
  SyslogSender sender("lo", daemon_.get());
  say("memory: small");
  sender.send();
  sender.configure(kServer);
  sender.send();
  EXPECT_EQ(received(), "");
}

TEST_F(SyslogOfTheSupervisor, ComesByStandardInput) {
  const loop::Fd before(::dup(STDIN_FILENO));
  ::dup2(daemon_.get(), STDIN_FILENO);
  const int found = lines_of_supervisor();
  ::dup2(before.get(), STDIN_FILENO);
  EXPECT_EQ(found, STDIN_FILENO);
}

TEST(LinesOfSupervisor, AreNowhereWhereStandardInputIsSomethingElse) { EXPECT_EQ(lines_of_supervisor(), -1); }

TEST_F(SyslogSenderTest, KeepsWhatCannotLeaveYetAndSaysWhy) {
  output_of("ip link set lo down");
  SyslogSender sender("lo");
  sender.configure(kServer);
  log_info("a lease");
  sender.send();
  EXPECT_NE(sender.trouble(), "");
  output_of("ip link set lo up");
  sender.send();
  EXPECT_TRUE(received().ends_with(" - - a lease"));
  EXPECT_EQ(sender.trouble(), "");
}

TEST_F(SyslogSenderTest, KeepsNothingWhereNobodyWantsIt) {
  SyslogSender sender("lo");
  sender.configure(kServer);
  sender.configure(std::nullopt);
  log_info("a lease");
  sender.send();
  EXPECT_EQ(sender.outbox().waiting(), 0U);
  EXPECT_EQ(received(), "");
}

}  // namespace
}  // namespace gate41::testing
