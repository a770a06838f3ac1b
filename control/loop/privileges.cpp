#include "control/loop/privileges.hpp"

#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <dirent.h>
#include <fstream>
#include <linux/capability.h>
#include <memory>
#include <string>
#include <string_view>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

#include "control/loop/errno_text.hpp"
#include "control/loop/system_calls.hpp"
#include "dataplane/base/clock.hpp"

namespace gate41::loop {
namespace {

constexpr uint64_t bit(unsigned capability) { return uint64_t{1} << capability; }
constexpr uint64_t kKept = bit(CAP_NET_ADMIN) | bit(CAP_NET_RAW) | bit(CAP_NET_BIND_SERVICE) |
                           bit(CAP_IPC_LOCK) | bit(CAP_SETUID) | bit(CAP_SETGID) | bit(CAP_KILL);
constexpr uint64_t kForUio = bit(CAP_SYS_ADMIN) | bit(CAP_SYS_RAWIO);
constexpr Duration kThreadLimit = std::chrono::seconds(2);
constexpr unsigned kLastCapability = 63;

// What the signal handler gives up. The only state that a handler shares with the thread that sends the
// signal.
std::atomic<uint64_t> wanted{0};

using CapabilityWords = std::array<__user_cap_data_struct, _LINUX_CAPABILITY_U32S_3>;

bool capability_call(long call, CapabilityWords& words) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  return ::syscall(call, &header, words.data()) == 0;
}

// Bounding set first: that needs SETPCAP, which goes with the rest. Async-signal-safe.
bool limit_this_thread(uint64_t kept) {
  for (unsigned capability = 0; capability <= kLastCapability; ++capability)
    if ((kept & bit(capability)) == 0)
      ::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0);  // EINVAL: not of this kernel
  CapabilityWords words{};
  if (!capability_call(SYS_capget, words)) return false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto mask = static_cast<uint32_t>(kept >> (32 * i));
    words[i].permitted &= mask;
    words[i].effective &= mask;
    words[i].inheritable = 0;
  }
  return capability_call(SYS_capset, words) && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0;
}

void on_signal(int) {
  const int error = errno;
  limit_this_thread(wanted.load());
  errno = error;
}

std::vector<pid_t> threads() {
  std::vector<pid_t> result;
  const std::unique_ptr<DIR, int (*)(DIR*)> folder(::opendir("/proc/self/task"), &::closedir);
  if (!folder) return result;
  while (const dirent* entry = ::readdir(folder.get())) {
    const std::string_view name = entry->d_name;
    pid_t thread = 0;
    if (std::from_chars(name.data(), name.data() + name.size(), thread).ec == std::errc())
      result.push_back(thread);
  }
  return result;
}

// 0 when the thread has gone.
uint64_t permitted_of(pid_t thread) {
  constexpr std::string_view kKey = "CapPrm:\t";
  std::ifstream in("/proc/self/task/" + std::to_string(thread) + "/status");
  uint64_t result = 0;
  for (std::string line; std::getline(in, line);)
    if (line.starts_with(kKey))
      std::from_chars(line.data() + kKey.size(), line.data() + line.size(), result, 16);
  return result;
}

// The threads that still have more than `kept`.
std::vector<pid_t> privileged_threads(uint64_t kept) {
  std::vector<pid_t> result;
  for (const pid_t thread : threads())
    if ((permitted_of(thread) & ~kept) != 0) result.push_back(thread);
  return result;
}

// Repeats until the kernel says that no thread is left: one that started meanwhile has its maker's
// capabilities.
Result<void> limit_all_threads(uint64_t kept) {
  if (auto done = limit_thread_capabilities(kept); !done) return done;
  wanted = kept;
  struct sigaction limit {};
  limit.sa_handler = on_signal;
  limit.sa_flags = SA_RESTART;
  ::sigaction(SIGRTMAX, &limit, nullptr);  // for good: without it a signal that comes late would kill
  const auto end = std::chrono::steady_clock::now() + kThreadLimit;
  std::vector<pid_t> left = privileged_threads(kept);
  for (; !left.empty() && std::chrono::steady_clock::now() < end; left = privileged_threads(kept)) {
    for (const pid_t thread : left) ::syscall(SYS_tgkill, ::getpid(), thread, SIGRTMAX);
    ::usleep(1000);
  }
  if (left.empty()) return {};
  return fail("privileges: thread " + std::to_string(left.front()) + " does not give its capabilities up");
}

}  // namespace

Result<void> limit_thread_capabilities(uint64_t kept) {
  if (limit_this_thread(kept)) return {};
  return fail("privileges: capabilities cannot be given up: " + errno_text());
}

Result<void> drop_privileges(Kept kept) {
  const uint64_t more = (kept.uio ? kForUio : 0) | (kept.clock ? bit(CAP_SYS_TIME) : 0);
  if (auto done = limit_all_threads(kKept | more); !done) return done;
  return forbid_dangerous_system_calls(kept.uio, kept.clock);
}

}  // namespace gate41::loop
