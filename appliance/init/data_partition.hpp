// Finding the data partition by its label.
#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace gate41::appliance {

inline constexpr std::string_view kDataLabel = "gate41-data";

// The label of the ext4 file system (and its forerunners) whose first bytes these are; nullopt: there is
// none.
inline constexpr std::size_t kExt4HeadBytes = 2048;
[[nodiscard]] std::optional<std::string> ext4_label(std::span<const std::byte> head);

// The block device with this label, a path below `dev`; nullopt: there is none. `sys` lists the devices.
[[nodiscard]] std::optional<std::filesystem::path> find_partition(const std::filesystem::path& sys,
                                                                  const std::filesystem::path& dev,
                                                                  std::string_view label);

}  // namespace gate41::appliance
