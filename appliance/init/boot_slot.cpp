#include "appliance/init/boot_slot.hpp"

#include <algorithm>
#include <fcntl.h>
#include <unistd.h>

#include "appliance/init/block_devices.hpp"
#include "appliance/init/small_file.hpp"
#include "control/loop/errno_text.hpp"
#include "control/loop/fd.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::appliance {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kSignature = "# GRUB Environment Block\n";
constexpr std::size_t kEnvironmentBytes = 1024;
constexpr std::size_t kSectorBytes = 512;
constexpr uint64_t kMostPartitionBytes = 4 * 1024 * 1024;
constexpr std::size_t kPieceBytes = 32 * 1024;  // read at once: the machine may be small
constexpr std::string_view kPartitionName = "PARTNAME=gate41-esp\n";

// By the name that the disk's table has for it.
std::optional<fs::path> find_grub_partition(const fs::path& sys, const fs::path& dev) {
  for (const fs::path& device : block_devices(sys, dev)) {
    const auto description = read_file(sys / "class/block" / device.filename() / "uevent");
    if (description && description->find(kPartitionName) != std::string::npos) return device;
  }
  return std::nullopt;
}

// grubenv's place and text.
struct Environment {
  fs::path device;
  uint64_t at = 0;
  std::string text;
};

// In the partition it begins with a sector, and stands in one piece.
std::optional<Environment> find_environment(const fs::path& device) {
  for (uint64_t begin = 0; begin < kMostPartitionBytes; begin += kPieceBytes) {
    const std::string piece = read_device(device, begin, kPieceBytes);
    for (std::size_t at = 0; at < piece.size(); at += kSectorBytes)
      if (std::string_view(piece).substr(at).starts_with(kSignature))
        return Environment{device, begin + at, read_device(device, begin + at, kEnvironmentBytes)};
  }
  return std::nullopt;
}

Result<Environment> read_environment(const fs::path& sys, const fs::path& dev) {
  const auto device = find_grub_partition(sys, dev);
  if (!device) return fail("no partition has the name gate41-esp");
  const auto environment = find_environment(*device);
  if (!environment || environment->text.size() < kEnvironmentBytes)
    return fail(device->string() + " has no grubenv");
  return *environment;
}

}  // namespace

std::string running_slot(std::string_view command_line) {
  constexpr std::string_view kWord = "gate41.slot=";
  const std::size_t at = command_line.find(kWord);
  if (at == std::string_view::npos) return "";
  const std::string_view rest = command_line.substr(at + kWord.size());
  return std::string(rest.substr(0, rest.find_first_of(" \n")));
}

std::optional<std::string> with_value(std::string_view environment, std::string_view name,
                                      std::string_view value) {
  std::string lines(kSignature);
  std::string_view rest = environment.substr(std::min(kSignature.size(), environment.size()));
  while (!rest.empty() && rest.front() != '#') {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
    if (line.substr(0, line.find('=')) != name) lines.append(line).append("\n");
  }
  lines.append(name).append("=").append(value).append("\n");
  if (lines.size() > environment.size()) return std::nullopt;
  lines.resize(environment.size(), '#');
  return lines;
}

bool is_on_trial(const fs::path& sys, const fs::path& dev, const std::string& slot) {
  const auto environment = read_environment(sys, dev);
  return environment && environment->text.find("\ncurrent=" + slot + "\n") == std::string::npos;
}

// What differs lies in one sector, which a disk writes whole or not at all.
std::string confirm_slot(const fs::path& sys, const fs::path& dev, const std::string& slot) {
  const auto environment = read_environment(sys, dev);
  if (!environment) return environment.error().message;
  const auto& [device, at, before] = *environment;
  const auto after = with_value(before, "current", slot);
  if (!after) return "grubenv is full";
  if (*after == before) return "";
  const loop::Fd fd(::open(device.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd || ::pwrite(fd.get(), after->data(), after->size(), static_cast<off_t>(at)) !=
                 static_cast<ssize_t>(after->size()))
    return device.string() + ": " + loop::errno_text();
  ::fsync(fd.get());
  return "";
}

}  // namespace gate41::appliance
