#include "control/loop/replace_file.hpp"

#include <fcntl.h>
#include <system_error>
#include <unistd.h>

#include "control/loop/errno_text.hpp"
#include "control/loop/fd.hpp"

namespace gate41::loop {
namespace {

namespace fs = std::filesystem;

bool write_whole(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

Result<void> write_file(const fs::path& path, std::string_view text, mode_t mode) {
  const Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, mode));
  if (!fd || !write_whole(fd.get(), text) || ::fsync(fd.get()) != 0)
    return fail(path.string() + ": " + errno_text());
  return {};
}

Result<void> rename_file(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::rename(from, to, error);
  if (error) return fail(from.string() + ": cannot be renamed: " + error.message());
  return {};
}

// A rename survives a power cut only when the folder has been written too.
void sync_folder(const fs::path& folder) {
  const Fd fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) ::fsync(fd.get());
}

}  // namespace

Result<void> replace_file(const fs::path& file, std::string_view text, Predecessor predecessor, mode_t mode) {
  const fs::path fresh = file.string() + ".new";
  if (auto written = write_file(fresh, text, mode); !written) return written;
  if (predecessor == Predecessor::keep && fs::exists(fs::symlink_status(file)))
    if (auto kept = rename_file(file, file.string() + ".old"); !kept) return kept;
  if (auto placed = rename_file(fresh, file); !placed) return placed;
  sync_folder(file.parent_path());
  return {};
}

}  // namespace gate41::loop
