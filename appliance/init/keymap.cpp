#include "appliance/init/keymap.hpp"

#include <fcntl.h>
#include <linux/kd.h>
#include <sys/ioctl.h>

#include "control/loop/errno_text.hpp"
#include "control/loop/fd.hpp"

namespace gate41::appliance {
namespace {

constexpr std::string_view kMagic = "bkeymap";

uint16_t meaning_at(std::string_view bytes, std::size_t at) {
  const auto low = static_cast<unsigned char>(bytes[at]);
  const auto high = static_cast<unsigned char>(bytes[at + 1]);
  return static_cast<uint16_t>(low | high << 8U);
}

}  // namespace

// The magic, a byte for each table (1: it is there), the tables that are there, little-endian.
std::optional<std::vector<KeymapTable>> parse_keymap(std::string_view bytes) {
  if (!bytes.starts_with(kMagic) || bytes.size() < kMagic.size() + kKeymapTables) return std::nullopt;
  const std::string_view there = bytes.substr(kMagic.size(), kKeymapTables);
  bytes.remove_prefix(kMagic.size() + kKeymapTables);
  std::vector<KeymapTable> tables;
  for (std::size_t number = 0; number < kKeymapTables; ++number) {
    if (there[number] != 1) continue;
    if (bytes.size() < 2 * kKeymapKeys) return std::nullopt;
    KeymapTable table{.number = static_cast<uint8_t>(number)};
    for (std::size_t key = 0; key < kKeymapKeys; ++key) table.meanings[key] = meaning_at(bytes, 2 * key);
    tables.push_back(table);
    bytes.remove_prefix(2 * kKeymapKeys);
  }
  return tables;
}

Result<void> load_keymap(const std::filesystem::path& terminal, const std::vector<KeymapTable>& tables) {
  const loop::Fd fd(::open(terminal.c_str(), O_RDONLY | O_NOCTTY | O_CLOEXEC));
  for (const KeymapTable& table : tables)
    for (std::size_t key = 0; key < kKeymapKeys; ++key) {
      kbentry entry{.kb_table = table.number,
                    .kb_index = static_cast<unsigned char>(key),
                    .kb_value = table.meanings[key]};
      // Some keys' meaning is the kernel's own (ENOENT, EINVAL, EPERM): only a lost terminal matters.
      if (::ioctl(fd.get(), KDSKBENT, &entry) != 0 && (errno == EBADF || errno == ENOTTY))
        return fail(terminal.string() + ": " + loop::errno_text());
    }
  return {};
}

}  // namespace gate41::appliance
