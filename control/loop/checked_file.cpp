#include "control/loop/checked_file.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <fstream>
#include <iterator>
#include <system_error>
#include <unistd.h>

#include "control/loop/errno_text.hpp"
#include "control/loop/fd.hpp"

namespace gate41::loop {
namespace {

namespace fs = std::filesystem;

enum class Content { absent, broken, good };

// FNV-1a: finds torn and rotten files; nobody attacks what only root can write.
uint64_t checksum_of(std::string_view text) {
  uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

std::string first_line(std::string_view text) {
  return fmt::format("gate41 state {:016x}\n", checksum_of(text));
}

Content read_file(const fs::path& path, std::string& text) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return fs::exists(fs::symlink_status(path)) ? Content::broken : Content::absent;
  std::string line;
  std::getline(in, line);
  text.assign(std::istreambuf_iterator<char>(in), {});
  return line + '\n' == first_line(text) ? Content::good : Content::broken;
}

bool write_whole(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

Result<void> write_file(const fs::path& path, std::string_view text) {
  const Fd fd(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!fd || !write_whole(fd.get(), first_line(text)) || !write_whole(fd.get(), text) ||
      ::fsync(fd.get()) != 0)
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

CheckedText read_checked(const fs::path& folder, const std::string& name) {
  const fs::path path = folder / name;
  std::string text;
  const Content content = read_file(path, text);
  if (content == Content::good) return {std::move(text), ""};
  const Content old = read_file(folder / (name + ".old"), text);
  CheckedText found;
  if (old == Content::good) found.text = std::move(text);
  if (content == Content::broken)
    found.trouble = fmt::format("{} is broken, {}", path.string(),
                                found.text ? "its last good copy is used" : "it counts as missing");
  return found;
}

Result<void> write_checked(const fs::path& folder, const std::string& name, std::string_view text) {
  const fs::path path = folder / name;
  const fs::path fresh = folder / (name + ".new");
  if (auto written = write_file(fresh, text); !written) return written;
  std::string current;
  if (read_file(path, current) == Content::good)  // a broken one must not push out the good copy
    if (auto kept = rename_file(path, folder / (name + ".old")); !kept) return kept;
  if (auto placed = rename_file(fresh, path); !placed) return placed;
  sync_folder(folder);
  return {};
}

}  // namespace gate41::loop
