#include "appliance/init/data_partition.hpp"

#include "appliance/init/block_devices.hpp"

namespace gate41::appliance {
namespace {

namespace fs = std::filesystem;

// Documentation/filesystems/ext4/super.rst of Linux.
constexpr std::size_t kSuperBlock = 1024;
constexpr std::size_t kMagicAt = kSuperBlock + 0x38;
constexpr std::size_t kLabelAt = kSuperBlock + 0x78;
constexpr std::size_t kLabelBytes = 16;

std::optional<std::string> label_of(const fs::path& device) {
  const std::string head = read_device(device, 0, kExt4HeadBytes);
  return ext4_label(std::as_bytes(std::span(head)));
}

}  // namespace

std::optional<std::string> ext4_label(std::span<const std::byte> head) {
  if (head.size() < kLabelAt + kLabelBytes) return std::nullopt;
  if (head[kMagicAt] != std::byte{0x53} || head[kMagicAt + 1] != std::byte{0xef}) return std::nullopt;
  std::string label;
  for (const std::byte byte : head.subspan(kLabelAt, kLabelBytes)) {
    if (byte == std::byte{0}) break;
    label += static_cast<char>(byte);
  }
  return label;
}

std::optional<fs::path> find_partition(const fs::path& sys, const fs::path& dev, std::string_view label) {
  for (const fs::path& device : block_devices(sys, dev))
    if (label_of(device) == label) return device;
  return std::nullopt;
}

}  // namespace gate41::appliance
