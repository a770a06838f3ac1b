// The keyboard's keymap, in the binary form that `loadkeys --bkeymap` (kbd) and BusyBox' dumpkmap write.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "dataplane/base/result.hpp"

namespace gate41::appliance {

inline constexpr std::size_t kKeymapTables = 256;
inline constexpr std::size_t kKeymapKeys = 128;

// What each key means together with one set of shift keys.
struct KeymapTable {
  uint8_t number = 0;
  std::array<uint16_t, kKeymapKeys> meanings{};
};

// nullopt: it is none, or cut short.
[[nodiscard]] std::optional<std::vector<KeymapTable>> parse_keymap(std::string_view bytes);

// Gives it to the kernel, by a virtual terminal.
Result<void> load_keymap(const std::filesystem::path& terminal, const std::vector<KeymapTable>& tables);

}  // namespace gate41::appliance
