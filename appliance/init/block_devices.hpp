// The machine's disks, partitions and CDs.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace gate41::appliance {

// Paths below `dev` of what `sys` lists, by name.
[[nodiscard]] std::vector<std::filesystem::path> block_devices(const std::filesystem::path& sys,
                                                               const std::filesystem::path& dev);

// `size` bytes from `offset`; fewer at its end, or where it can't be read.
[[nodiscard]] std::string read_device(const std::filesystem::path& device, uint64_t offset, std::size_t size);

}  // namespace gate41::appliance
