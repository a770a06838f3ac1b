#include "control/loop/privileges.hpp"

#include <atomic>
#include <fcntl.h>
#include <fstream>
#include <functional>
#include <linux/capability.h>
#include <netinet/in.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <thread>

#include "control/loop/child.hpp"
#include "control/loop/host_namespace.hpp"
#include "control/loop/netlink.hpp"
#include "tests/unit/loop/sandbox.hpp"

namespace gate41::testing {
namespace {

// NET_BIND_SERVICE 10, NET_ADMIN 12, NET_RAW 13, IPC_LOCK 14, KILL 5, SETGID 6, SETUID 7.
constexpr uint64_t kKept = 0x74e0;
constexpr uint64_t kTime = uint64_t{1} << 25U;                      // SYS_TIME
constexpr uint64_t kUio = uint64_t{1} << 21U | uint64_t{1} << 17U;  // SYS_ADMIN, SYS_RAWIO

uint64_t status_number(const std::string& thread, const std::string& key) {
  std::ifstream in("/proc/self/task/" + thread + "/status");
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(key + ':')) return std::stoull(line.substr(key.size() + 1), nullptr, 16);
  return ~uint64_t{0};
}
std::string own() { return std::to_string(::gettid()); }

// Privileges do not come back, so each test gives them up in a child of its own, which says what it found.
class PrivilegesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root to have something to give up";
  }
  static std::string in_child(const std::function<std::string()>& action) {
    std::array<int, 2> ends{};
    EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const loop::Fd in(ends[0]);
    loop::Fd out(ends[1]);
    const pid_t child = ::fork();
    if (child == 0) {
      const std::string said = action();
      ::_exit(::write(out.get(), said.data(), said.size()) < 0 ? 1 : 0);
    }
    out.reset();
    std::string said(4096, '\0');
    const ssize_t n = wait_readable(in.get()) ? ::read(in.get(), said.data(), said.size()) : 0;
    said.resize(static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    return said;
  }
  static std::string after_drop(const std::function<std::string()>& action, loop::Kept kept = {}) {
    return in_child([&]() -> std::string {
      const auto dropped = loop::drop_privileges(kept);
      return dropped ? action() : dropped.error().message;
    });
  }
  static std::string setting_the_clock();
  static std::string refusal(long result) { return result == -1 && errno == EPERM ? "refused" : "allowed"; }
};

TEST_F(PrivilegesTest, LeavesOnlyTheCapabilitiesOfARouter) {
  EXPECT_EQ(after_drop([] {
              for (const char* set : {"CapPrm", "CapEff", "CapBnd"})
                if (status_number(own(), set) != kKept) return std::string(set);
              return std::string("kept");
            }),
            "kept");
}

TEST_F(PrivilegesTest, KeepsWhatUioNeedsOnRequest) {
  EXPECT_EQ(after_drop([] { return status_number(own(), "CapEff") == (kKept | kUio) ? "kept" : "not kept"; },
                       {.uio = true}),
            "kept");
}

// To an impossible time, so that no clock is touched; past the C library, which would see that.
std::string PrivilegesTest::setting_the_clock() {
  const timespec impossible{.tv_sec = 0, .tv_nsec = -1};
  return refusal(::syscall(SYS_clock_settime, CLOCK_REALTIME, &impossible));
}

TEST_F(PrivilegesTest, KeepsTheClockOnRequest) {
  const auto action = []() -> std::string {
    const bool capable = status_number(own(), "CapEff") == (kKept | kTime);
    return capable ? setting_the_clock() : "incapable";
  };
  EXPECT_EQ(after_drop(action, {.clock = true}), "allowed");
}

TEST_F(PrivilegesTest, LeavesTheClockAloneOtherwise) { EXPECT_EQ(after_drop(setting_the_clock), "refused"); }

TEST_F(PrivilegesTest, SetsNoNewPrivs) {
  EXPECT_EQ(after_drop([] { return std::to_string(::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)); }), "1");
}

// Like EAL's threads, which wait in a system call when the daemon drops its privileges.
TEST_F(PrivilegesTest, HoldForThreadsThatExistAlready) {
  const auto action = []() -> std::string {
    std::array<int, 2> ends{};
    if (::pipe(ends.data()) != 0) return "no pipe";
    std::atomic<pid_t> id{0};
    std::string from_thread;
    std::thread thread([&] {
      id = ::gettid();
      char byte = 0;
      const ssize_t n = ::read(ends[0], &byte, 1);  // must not see the signal
      from_thread = n == 1 ? refusal(::unshare(CLONE_NEWUSER)) : "interrupted";
    });
    while (id == 0) std::this_thread::yield();
    const auto dropped = loop::drop_privileges({});
    const uint64_t effective = status_number(std::to_string(id), "CapEff");
    const uint64_t bounding = status_number(std::to_string(id), "CapBnd");
    if (::write(ends[1], "x", 1) != 1) return "no write";
    thread.join();
    if (!dropped) return dropped.error().message;
    return effective == kKept && bounding == kKept ? from_thread : "privileged";
  };
  EXPECT_EQ(in_child(action), "refused");
}

TEST_F(PrivilegesTest, RefuseWhatARouterNeverDoes) {
  const std::vector<std::pair<const char*, std::function<long()>>> calls{
      {"mount", [] { return ::mount("x", "/nowhere", "tmpfs", 0, nullptr); }},
      {"umount", [] { return ::umount2("/nowhere", 0); }},
      {"ptrace", [] { return ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr); }},
      {"settimeofday", [] { return ::syscall(SYS_settimeofday, nullptr, nullptr); }},
      {"unshare", [] { return ::unshare(CLONE_NEWUSER); }},
      {"clone",
       [] { return ::syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, nullptr, nullptr, nullptr, nullptr); }},
      {"bpf", [] { return ::syscall(SYS_bpf, 0, nullptr, 0); }},
      {"keyctl", [] { return ::syscall(SYS_keyctl, 0, 0, 0, 0, 0); }},
      {"perf_event_open", [] { return ::syscall(SYS_perf_event_open, nullptr, 0, 0, 0, 0); }},
      {"init_module", [] { return ::syscall(SYS_init_module, nullptr, 0, nullptr); }},
      {"kexec_load", [] { return ::syscall(SYS_kexec_load, 0, 0, nullptr, 0); }},
      {"userfaultfd", [] { return ::syscall(SYS_userfaultfd, 0); }},
      {"swapoff", [] { return ::syscall(SYS_swapoff, nullptr); }},
      {"iopl", [] { return ::syscall(SYS_iopl, 0); }}};
  for (const auto& [name, call] : calls)
    EXPECT_EQ(after_drop([&call = call] { return refusal(call()); }), "refused") << name;
}

TEST_F(PrivilegesTest, LeaveTheSocketsOfARouter) {
  const std::vector<std::array<int, 3>> kinds{{AF_INET, SOCK_DGRAM, 0},  {AF_INET6, SOCK_STREAM, 0},
                                              {AF_PACKET, SOCK_RAW, 0},  {AF_INET, SOCK_RAW, IPPROTO_ICMP},
                                              {AF_NETLINK, SOCK_RAW, 0}, {AF_UNIX, SOCK_STREAM, 0}};
  for (const auto& [domain, type, protocol] : kinds)
    EXPECT_EQ(after_drop([&, domain = domain, type = type, protocol = protocol] {
                return ::socket(domain, type, protocol) >= 0 ? "works" : "fails";
              }),
              "works")
        << domain << ' ' << type;
}

TEST_F(PrivilegesTest, LeaveTheNetworkToTheDaemon) {
  const auto action = []() -> std::string {
    if (::unshare(CLONE_NEWNET) != 0) return "no namespace";
    if (const auto dropped = loop::drop_privileges({}); !dropped) return dropped.error().message;
    const auto network = loop::HostNetwork::create();
    if (!network) return network.error().message;
    const auto set = (*network)->set_ipv4_address("lo", Ipv4Address::of(11, 0, 0, 1), 32);
    return set ? "set" : set.error().message;
  };
  EXPECT_EQ(in_child(action), "set");
}

TEST_F(PrivilegesTest, LeaveThreadsToBeStarted) {
  EXPECT_EQ(after_drop([] {
              std::string said;
              std::thread([&] { said = "ran"; }).join();
              return said;
            }),
            "ran");
}

std::string run_helper(const std::string& script, Duration limit) {
  const auto loop = loop::EventLoop::create().value();
  std::string said;
  const auto child = loop::Child::start(
      *loop, {"/bin/sh", "-c", script}, limit,
      [&](const Result<std::string>& result) { said = result ? *result : result.error().message; });
  if (!child) return child.error().message;
  turn_until(*loop, [&] { return !said.empty(); });
  return said;
}

TEST_F(PrivilegesTest, LeaveTheHelperToBeStartedAsNobody) {
  EXPECT_EQ(after_drop([] { return run_helper("id -u", kLimit); }), "65534");
}

TEST_F(PrivilegesTest, LeaveTheHelperToBeKilled) {
  EXPECT_EQ(after_drop([] { return run_helper("exec sleep 1000", std::chrono::milliseconds(10)); }),
            "sh: no answer in time");
}

TEST_F(PrivilegesTest, LeaveTheNamespaceToBeRemoved) {
  const std::string name = "gate41-priv-" + std::to_string(::getpid());
  const auto action = [&]() -> std::string {
    auto ns = loop::HostNamespace::prepare(name);
    if (!ns) return ns.error().message;
    if (const auto entered = (*ns)->enter(); !entered) return entered.error().message;
    if (const auto dropped = loop::drop_privileges({}); !dropped) return dropped.error().message;
    (*ns)->remove();
    return ::access(("/run/netns/" + name).c_str(), F_OK) == 0 ? "stays" : "removed";
  };
  EXPECT_EQ(in_child(action), "removed");
  output_of("ip netns delete " + name);
}

}  // namespace
}  // namespace gate41::testing
