#include "appliance/init/data_partition.hpp"

#include <array>
#include <fstream>
#include <system_error>

namespace gate41::appliance {
namespace {

namespace fs = std::filesystem;

// Documentation/filesystems/ext4/super.rst of Linux.
constexpr std::size_t kSuperBlock = 1024;
constexpr std::size_t kMagicAt = kSuperBlock + 0x38;
constexpr std::size_t kLabelAt = kSuperBlock + 0x78;
constexpr std::size_t kLabelBytes = 16;

std::optional<std::string> label_of(const fs::path& device) {
  std::array<char, kExt4HeadBytes> head{};
  std::ifstream in(device, std::ios::binary);
  in.read(head.data(), head.size());
  return ext4_label(std::as_bytes(std::span(head).first(static_cast<std::size_t>(in.gcount()))));
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
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(sys / "class/block", none))
    if (fs::path device = dev / entry.path().filename(); label_of(device) == label) return device;
  return std::nullopt;
}

}  // namespace gate41::appliance
