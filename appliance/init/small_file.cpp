#include "appliance/init/small_file.hpp"

#include <fcntl.h>
#include <fstream>
#include <iterator>
#include <unistd.h>

#include "control/loop/errno_text.hpp"
#include "control/loop/fd.hpp"

namespace gate41::appliance {

std::optional<std::string> read_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(in), {});
}

std::string read_line(const std::filesystem::path& path) {
  std::string text = read_file(path).value_or("");
  text.erase(text.find_last_not_of(" \t\r\n") + 1);
  return text;
}

Result<void> write_into(const std::filesystem::path& path, std::string_view text) {
  const loop::Fd fd(::open(path.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd || ::write(fd.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
    return fail(path.string() + ": " + loop::errno_text());
  return {};
}

}  // namespace gate41::appliance
