#include "control/loop/checked_file.hpp"

#include <fmt/core.h>
#include <fstream>
#include <iterator>

#include "control/loop/replace_file.hpp"

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
  std::string current;
  // A broken one must not push out the good copy.
  const bool good = read_file(folder / name, current) == Content::good;
  return replace_file(folder / name, first_line(text).append(text),
                      good ? Predecessor::keep : Predecessor::drop);
}

}  // namespace gate41::loop
