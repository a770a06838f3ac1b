#include "control/loop/system_calls.hpp"

#include <array>
#include <cerrno>
#include <memory>
#include <sched.h>
#include <seccomp.h>
#include <string>

#include "control/loop/errno_text.hpp"

namespace gate41::loop {
namespace {

// A deny-list, since the drivers' and libraries' own calls are many and change. Capabilities forbid most of
// these already; this closes what they leave (user namespaces, own-uid ptrace, keys) and the kernel code
// behind it.
constexpr std::array kDangerous{
    // namespaces and mounts
    SCMP_SYS(mount), SCMP_SYS(umount2), SCMP_SYS(move_mount), SCMP_SYS(open_tree), SCMP_SYS(fsopen),
    SCMP_SYS(fsconfig), SCMP_SYS(fsmount), SCMP_SYS(fspick), SCMP_SYS(mount_setattr), SCMP_SYS(pivot_root),
    SCMP_SYS(chroot), SCMP_SYS(setns), SCMP_SYS(unshare), SCMP_SYS(open_by_handle_at),
    // other processes
    SCMP_SYS(ptrace), SCMP_SYS(process_vm_readv), SCMP_SYS(process_vm_writev), SCMP_SYS(kcmp),
    SCMP_SYS(pidfd_getfd), SCMP_SYS(process_madvise),
    // the kernel's own code and state
    SCMP_SYS(init_module), SCMP_SYS(finit_module), SCMP_SYS(delete_module), SCMP_SYS(kexec_load),
    SCMP_SYS(kexec_file_load), SCMP_SYS(reboot), SCMP_SYS(bpf), SCMP_SYS(perf_event_open),
    SCMP_SYS(userfaultfd), SCMP_SYS(io_uring_setup), SCMP_SYS(lookup_dcookie), SCMP_SYS(syslog),
    SCMP_SYS(modify_ldt), SCMP_SYS(vm86), SCMP_SYS(add_key), SCMP_SYS(request_key), SCMP_SYS(keyctl),
    SCMP_SYS(fanotify_init),
    // the machine's settings
    SCMP_SYS(settimeofday), SCMP_SYS(clock_adjtime), SCMP_SYS(adjtimex), SCMP_SYS(sethostname),
    SCMP_SYS(setdomainname), SCMP_SYS(swapon), SCMP_SYS(swapoff), SCMP_SYS(acct), SCMP_SYS(quotactl),
    SCMP_SYS(quotactl_fd), SCMP_SYS(vhangup)};
constexpr std::array kPortIo{SCMP_SYS(iopl), SCMP_SYS(ioperm)};
constexpr std::array kClock{SCMP_SYS(clock_settime)};

struct Release {
  void operator()(void* filter) const { ::seccomp_release(filter); }
};

// 0 or a negative errno, as libseccomp says it.
template <std::size_t N>
int forbid(scmp_filter_ctx filter, const std::array<int, N>& calls) {
  for (const int call : calls)
    if (const int error = ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), call, 0)) return error;
  return 0;
}

// A user namespace would give its maker every capability inside it. The filter can't look into clone3's
// struct; the C library falls back to clone when it is told that there is no clone3.
int forbid_user_namespaces(scmp_filter_ctx filter) {
  constexpr auto kFlag = static_cast<scmp_datum_t>(CLONE_NEWUSER);
  const scmp_arg_cmp asks_for_it{0, SCMP_CMP_MASKED_EQ, kFlag, kFlag};
  if (const int error =
          ::seccomp_rule_add_array(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(clone), 1, &asks_for_it))
    return error;
  return ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
}

int load_filter(scmp_filter_ctx filter, bool keep_port_io, bool keep_clock) {
  if (const int error = forbid(filter, kDangerous)) return error;
  if (const int error = keep_port_io ? 0 : forbid(filter, kPortIo)) return error;
  if (const int error = keep_clock ? 0 : forbid(filter, kClock)) return error;
  if (const int error = forbid_user_namespaces(filter)) return error;
  if (const int error = ::seccomp_attr_set(filter, SCMP_FLTATR_CTL_TSYNC, 1)) return error;  // all threads
  return ::seccomp_load(filter);
}

}  // namespace

Result<void> forbid_dangerous_system_calls(bool keep_port_io, bool keep_clock) {
  const std::unique_ptr<void, Release> filter(::seccomp_init(SCMP_ACT_ALLOW));
  if (!filter) return fail("seccomp: no memory for the filter");
  if (const int error = load_filter(filter.get(), keep_port_io, keep_clock))
    return fail("seccomp: the filter of system calls cannot be set: " + errno_text(-error) +
                "; the kernel needs CONFIG_SECCOMP_FILTER");
  return {};
}

}  // namespace gate41::loop
