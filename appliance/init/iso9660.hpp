// Files of a small CD image (ISO 9660 with Joliet or Rock Ridge names): what hypervisors hand a machine its
// settings on. Read here, since not every kernel of ours knows the file system.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace gate41::appliance {

// `size` bytes from `offset` of the device, fewer at its end.
using ReadAt = std::function<std::string(uint64_t offset, std::size_t size)>;

// The volume's label; nullopt: it is no ISO 9660.
[[nodiscard]] std::optional<std::string> iso_label(const ReadAt& read);

// A file in the root folder, by its name in either extension; nullopt: there is none, or it is longer than
// this.
inline constexpr std::size_t kLongestIsoFile = 64 * 1024;
[[nodiscard]] std::optional<std::string> iso_file(const ReadAt& read, std::string_view name);

}  // namespace gate41::appliance
