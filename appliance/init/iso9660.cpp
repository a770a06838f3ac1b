#include "appliance/init/iso9660.hpp"

#include <algorithm>

namespace gate41::appliance {
namespace {

// ECMA-119; offsets are counted from 0.
constexpr std::size_t kSector = 2048;
constexpr uint64_t kFirstDescriptor = 16;
constexpr uint64_t kMostDescriptors = 16;
constexpr char kPrimary = 1;
constexpr char kSupplementary = 2;  // Joliet
constexpr std::size_t kVolumeLabelAt = 40;
constexpr std::size_t kVolumeLabelBytes = 32;
constexpr std::size_t kRootAt = 156;
constexpr std::size_t kRecordBytes = 34;
constexpr std::size_t kLongestFolder = 64 * 1024;

struct Extent {
  uint64_t offset = 0;
  std::size_t size = 0;
};

uint8_t byte_at(std::string_view bytes, std::size_t at) { return static_cast<uint8_t>(bytes[at]); }

uint32_t little_endian(std::string_view bytes, std::size_t at) {
  uint32_t number = 0;
  for (std::size_t i = 4; i-- > 0;) number = number << 8U | byte_at(bytes, at + i);
  return number;
}

// Of a directory record of at least kRecordBytes.
Extent extent_of(std::string_view record) {
  return {little_endian(record, 2) * uint64_t{kSector}, little_endian(record, 10)};
}

// The descriptor of this kind; empty: there is none.
std::string descriptor(const ReadAt& read, char kind) {
  for (uint64_t i = 0; i < kMostDescriptors; ++i) {
    std::string bytes = read((kFirstDescriptor + i) * kSector, kSector);
    if (bytes.size() != kSector || bytes.substr(1, 5) != "CD001") break;
    if (bytes[0] == kind) return bytes;
  }
  return "";
}

// Big-endian UCS-2: of what we look for every other byte is 0.
std::string from_joliet(std::string_view name) {
  std::string text;
  for (std::size_t i = 0; i + 1 < name.size(); i += 2) text += name[i] == 0 ? name[i + 1] : '?';
  return text;
}

// The NM entry among those behind the name (IEEE P1282 §4.1.4).
std::string rock_ridge_name(std::string_view entries) {
  while (entries.size() >= 5) {
    const std::size_t length = byte_at(entries, 2);
    if (length < 5 || length > entries.size()) break;
    if (entries.starts_with("NM")) return std::string(entries.substr(5, length - 5));
    entries.remove_prefix(length);
  }
  return "";
}

std::string name_of(std::string_view record, char kind) {
  const std::size_t length = byte_at(record, 32);
  if (33 + length > record.size()) return "";
  const std::string_view name = record.substr(33, length);
  if (kind == kSupplementary) return from_joliet(name);
  return rock_ridge_name(record.substr(std::min(33 + length + (length % 2 == 0 ? 1 : 0), record.size())));
}

// Records don't cross sectors: a zero length means that the next one begins.
std::optional<Extent> find(std::string_view folder, std::string_view name, char kind) {
  for (std::size_t at = 0; at + kRecordBytes <= folder.size();) {
    const std::size_t length = byte_at(folder, at);
    if (length == 0) {
      at = (at / kSector + 1) * kSector;
      continue;
    }
    if (length < kRecordBytes || at + length > folder.size()) break;
    const std::string_view record = folder.substr(at, length);
    if (name_of(record, kind) == name) return extent_of(record);
    at += length;
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> iso_label(const ReadAt& read) {
  const std::string primary = descriptor(read, kPrimary);
  if (primary.empty()) return std::nullopt;
  std::string label = primary.substr(kVolumeLabelAt, kVolumeLabelBytes);
  label.erase(label.find_last_not_of(' ') + 1);
  return label;
}

std::optional<std::string> iso_file(const ReadAt& read, std::string_view name) {
  for (const char kind : {kSupplementary, kPrimary}) {
    const std::string volume = descriptor(read, kind);
    if (volume.empty()) continue;
    const Extent root = extent_of(std::string_view(volume).substr(kRootAt, kRecordBytes));
    const std::string folder = read(root.offset, std::min(root.size, kLongestFolder));
    const auto file = find(folder, name, kind);
    if (!file || file->size > kLongestIsoFile) continue;
    std::string text = read(file->offset, file->size);
    if (text.size() == file->size) return text;
  }
  return std::nullopt;
}

}  // namespace gate41::appliance
