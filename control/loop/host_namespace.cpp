#include "control/loop/host_namespace.hpp"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <sched.h>
#include <string_view>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>
#include <utility>

#include "control/loop/errno_text.hpp"
#include "control/loop/namespace_remover.hpp"
#include "control/loop/netlink_socket.hpp"
#include "control/loop/sysctl.hpp"
#include "dataplane/base/log.hpp"

namespace gate41::loop {
namespace {

constexpr const char* kFolder = "/run/netns";
constexpr const char* kOwn = "/proc/thread-self/ns/net";
constexpr const char* kMark = "made by gate41d";
constexpr std::string_view kTapPrefix = "g41";
constexpr unsigned kLoopback = 1;  // the index of `lo` in every namespace

// What failed, with the remedy that fits.
tl::unexpected<Error> failed(const std::string& what) {
  const int error = errno;
  std::string message = what + ": " + errno_text(error);
  if (error == EPERM || error == EACCES)
    message += "; run gate41d as root with CAP_SYS_ADMIN, or set `host.netns: none` to stay where it runs";
  return fail(message);
}

// The calling thread is elsewhere for the life of this object.
class Excursion {
 public:
  Excursion() : home_(::open(kOwn, O_RDONLY | O_CLOEXEC)) {}
  ~Excursion() {
    if (moved_ && ::setns(home_.get(), CLONE_NEWNET) != 0)
      log_error("namespace: there is no way back to the daemon's own: {}", errno_text());
  }
  Excursion(const Excursion&) = delete;
  Excursion& operator=(const Excursion&) = delete;

  bool to_new() { return moved_ = home_ && ::unshare(CLONE_NEWNET) == 0; }
  bool to(int fd) { return moved_ = home_ && ::setns(fd, CLONE_NEWNET) == 0; }

 private:
  Fd home_;
  bool moved_ = false;
};

bool is_namespace(const std::string& path) {
  struct statfs found {};
  return ::statfs(path.c_str(), &found) == 0 && found.f_type == NSFS_MAGIC;
}

// As `ip netns` does: a shared mount, so that names appear and vanish in every mount namespace.
Result<void> make_folder() {
  ::mkdir(kFolder, 0755);
  if (::mount("", kFolder, "none", MS_SHARED | MS_REC, nullptr) == 0) return {};
  if (errno == EINVAL && ::mount(kFolder, kFolder, "none", MS_BIND | MS_REC, nullptr) == 0 &&
      ::mount("", kFolder, "none", MS_SHARED | MS_REC, nullptr) == 0)
    return {};
  return failed(std::string(kFolder) + " cannot be made");
}

Result<void> make_namespace(const std::string& path) {
  if (auto made = make_folder(); !made) return made;
  const Fd name(::open(path.c_str(), O_RDONLY | O_CREAT | O_CLOEXEC, 0));
  Excursion excursion;
  if (name && excursion.to_new() && ::mount(kOwn, path.c_str(), "none", MS_BIND, nullptr) == 0) return {};
  const auto error = failed(path + " cannot be made");
  ::unlink(path.c_str());
  return error;
}

void take_away(const std::string& path) {
  ::umount2(path.c_str(), MNT_DETACH);
  ::unlink(path.c_str());
}

Result<void> check_not_in_use(const std::string& name) {
  struct if_nameindex* all = ::if_nameindex();
  std::string found;
  for (const auto* each = all; each != nullptr && each->if_index != 0; ++each)
    if (std::string_view(each->if_name).starts_with(kTapPrefix)) found = each->if_name;
  if (all != nullptr) ::if_freenameindex(all);
  if (found.empty()) return {};
  return fail(
      "namespace " + name + ": " + found +
      " exists there, so another gate41d runs in it; stop that one, or set `instance` or `host.netns`");
}

Result<void> switch_forwarding_off() {
  if (auto done = write_sysctl("ipv4/ip_forward", "0"); !done) return done;
  return kernel_has_ipv6() ? write_sysctl("ipv6/conf/all/forwarding", "0") : Result<void>();
}

// Up, and with the mark when a gate41d made the namespace.
Result<void> set_up_loopback(NetlinkSocket& kernel, bool mark) {
  ifinfomsg header{};
  header.ifi_index = kLoopback;
  header.ifi_flags = IFF_UP;
  header.ifi_change = IFF_UP;
  NetlinkRequest request(RTM_NEWLINK, 0, header);
  if (mark) request.put_text(IFLA_IFALIAS, kMark);
  const int error = kernel.ask(request);
  return error == 0 ? Result<void>() : fail("namespace: lo cannot be brought up: " + errno_text(error));
}

bool has_mark(NetlinkSocket& kernel) {
  bool found = false;
  NetlinkRequest request(RTM_GETLINK, 0, ifinfomsg{});
  kernel.dump(request, [&](const nlmsghdr& message) {
    const auto* header = header_of<ifinfomsg>(message);
    if (header == nullptr || header->ifi_index != kLoopback) return;
    const nlattr* alias = attributes_of(message, sizeof *header)[IFLA_IFALIAS];
    if (alias != nullptr && text_of(*alias) == kMark) found = true;
  });
  return found;
}

// In the namespace. Whether a gate41d made it: this one now, or one that was killed.
Result<bool> set_up_inside(const std::string& name, bool fresh) {
  if (const auto free = check_not_in_use(name); !free) return tl::unexpected(free.error());
  if (const auto off = switch_forwarding_off(); !off) return tl::unexpected(off.error());
  Result<NetlinkSocket> kernel = NetlinkSocket::open();
  if (!kernel) return tl::unexpected(kernel.error());
  const bool ours = fresh || has_mark(*kernel);
  if (const auto up = set_up_loopback(*kernel, ours); !up) return tl::unexpected(up.error());
  return ours;
}

Result<void> check_name(const std::string& name) {
  if (!name.empty() && name.front() != '.' && name.find('/') == std::string::npos && name.size() < 200)
    return {};
  return fail("host.netns: \"" + name +
              "\" cannot be the name of a namespace; use letters and digits, or none");
}

}  // namespace

Result<std::unique_ptr<HostNamespace>> HostNamespace::prepare(const std::string& name) {
  std::unique_ptr<HostNamespace> result(new HostNamespace);
  if (name == "none") return result;
  if (const auto fine = check_name(name); !fine) return tl::unexpected(fine.error());
  const std::string path = std::string(kFolder) + '/' + name;
  const bool fresh = !is_namespace(path);
  if (fresh)
    if (const auto made = make_namespace(path); !made) return tl::unexpected(made.error());
  if (const auto ready = result->set_up(name, path, fresh); !ready) {
    if (fresh) take_away(path);
    return tl::unexpected(ready.error());
  }
  return result;
}

Result<void> HostNamespace::set_up(const std::string& name, const std::string& path, bool fresh) {
  namespace_ = Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  Excursion excursion;
  if (!namespace_ || !excursion.to(namespace_.get())) return failed(path + " cannot be entered");
  const Result<bool> ours = set_up_inside(name, fresh);
  if (!ours) return tl::unexpected(ours.error());
  if (!*ours) return {};
  Result<NamespaceRemover> remover = NamespaceRemover::start(path);
  if (!remover) return tl::unexpected(remover.error());
  remover_ = std::move(*remover);
  return {};
}

HostNamespace::~HostNamespace() { remove(); }

Result<void> HostNamespace::enter() {
  if (!namespace_ || ::setns(namespace_.get(), CLONE_NEWNET) == 0) return {};
  return failed("the namespace of the TAPs cannot be entered");
}

void HostNamespace::remove() {
  namespace_.reset();
  if (remover_) remover_->remove();
  remover_.reset();
}

}  // namespace gate41::loop
