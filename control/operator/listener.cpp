#include "control/operator/listener.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <grp.h>
#include <memory>
#include <optional>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <system_error>

#include "dataplane/base/log.hpp"

namespace gate41::op {
namespace {

constexpr int kBacklog = 16;
constexpr mode_t kMode = 0660;

std::string reason(int error) { return std::generic_category().message(error); }

int bind_to(int fd, const sockaddr_un& address) {
  return ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ? 0 : errno;
}

loop::Fd new_socket() { return loop::Fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)); }

// Whether somebody answers there. A daemon whose backlog is full (EAGAIN) is alive too.
Result<bool> is_alive(const sockaddr_un& address) {
  const loop::Fd fd = new_socket();
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0 ||
      errno == EAGAIN)
    return true;
  if (errno == ECONNREFUSED || errno == ENOENT) return false;
  return fail(reason(errno));
}

Result<void> remove_stale(const std::string& path, const sockaddr_un& address) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return {};
  if (!S_ISSOCK(found.st_mode))
    return fail(path + ": exists and is not a socket; remove it or set management.socket");
  const Result<bool> alive = is_alive(address);
  if (!alive) return fail(path + ": cannot be tried: " + alive.error().message);
  if (*alive)
    return fail(path + ": another gate41d answers there; stop it, or give this one an `instance` of its own");
  if (::unlink(path.c_str()) != 0 && errno != ENOENT)
    return fail(path + ": a dead daemon's socket cannot be removed: " + reason(errno));
  return {};
}

// By /etc/group alone: other sources of names are libraries, and a program that is linked statically dies of
// loading them.
std::optional<gid_t> group_id(const std::string& name) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::fopen("/etc/group", "re"), &std::fclose);
  while (const group* found = file ? ::fgetgrent(file.get()) : nullptr)
    if (name == found->gr_name) return found->gr_gid;
  return std::nullopt;
}

void give_to_group(const std::string& path, const std::string& name) {
  const std::optional<gid_t> found = group_id(name);
  if (!found) {
    log_warning("operator: there is no group `{}`: only root can use {} (addgroup --system {})", name, path,
                name);
  } else if (::chown(path.c_str(), static_cast<uid_t>(-1), *found) != 0) {
    log_warning("operator: {} cannot be given to group `{}`: {}", path, name, reason(errno));
  }
}

}  // namespace

Result<loop::Fd> listen_at(const std::string& path, const std::string& group) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.empty() || path.size() >= sizeof address.sun_path)
    return fail(path + ": is not a path of 1 to 107 bytes; set management.socket");
  std::memcpy(address.sun_path, path.data(), path.size());
  std::error_code ignored;  // bind says what is wrong
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);

  if (const auto removed = remove_stale(path, address); !removed) return tl::unexpected(removed.error());
  loop::Fd fd = new_socket();
  if (!fd) return fail("operator socket: " + reason(errno));
  if (const int error = bind_to(fd.get(), address)) return fail(path + ": cannot be bound: " + reason(error));
  // Nobody can connect before listen(), so the rights are in force from the first moment.
  give_to_group(path, group);
  if (::chmod(path.c_str(), kMode) != 0 || ::listen(fd.get(), kBacklog) != 0) {
    const int error = errno;
    ::unlink(path.c_str());
    return fail(path + ": cannot listen: " + reason(error));
  }
  return fd;
}

}  // namespace gate41::op
