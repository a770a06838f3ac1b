#include "control/loop/secret_file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>

#include "control/loop/errno_text.hpp"

namespace gate41::loop {

Result<Fd> open_secret(const std::string& path) {
  Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));  // a FIFO would wait
  struct stat info {};
  if (!file || ::fstat(file.get(), &info) != 0) return fail(path + ": " + errno_text());
  if (!S_ISREG(info.st_mode)) return fail(path + ": not a plain file");
  if (info.st_uid != 0 && info.st_uid != ::geteuid())
    return fail(fmt::format("{}: belongs to user {}; chown root {}", path, info.st_uid, path));
  if ((info.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    return fail(
        fmt::format("{}: others may use it (mode {:04o}); chmod 600 {}", path, info.st_mode & 07777U, path));
  return file;
}

}  // namespace gate41::loop
