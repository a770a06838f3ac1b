#include "tests/unit/appliance/cd.hpp"

#include <cstdint>

namespace gate41::testing {
namespace {

constexpr std::size_t kSector = 2048;
constexpr uint32_t kFolder = 19;  // sectors
constexpr uint32_t kFile = 20;

std::string number(uint32_t value) {
  std::string bytes;
  for (int i = 0; i < 4; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
  return bytes;
}

std::string record(uint32_t sector, std::size_t size, const std::string& name, const std::string& more) {
  std::string bytes(33, '\0');
  bytes.replace(2, 4, number(sector));
  bytes.replace(10, 4, number(static_cast<uint32_t>(size)));
  bytes[32] = static_cast<char>(name.size());
  bytes += name;
  if (name.size() % 2 == 0) bytes += '\0';
  bytes += more;
  bytes[0] = static_cast<char>(bytes.size());
  return bytes;
}

std::string descriptor(char kind, const std::string& label) {
  std::string sector(kSector, '\0');
  sector[0] = kind;
  sector.replace(1, 5, "CD001");
  sector.replace(40, 32, label + std::string(32 - label.size(), ' '));
  sector.replace(156, 34, record(kFolder, kSector, std::string(1, '\0'), ""));
  return sector;
}

std::string wide(const std::string& name) {
  std::string text;
  for (const char c : name) text += {'\0', c};
  return text;
}

std::string file_record(const std::string& name, std::size_t size, Names names) {
  if (names == Names::joliet) return record(kFile, size, wide(name), "");
  const std::string entry = {'N', 'M', static_cast<char>(5 + name.size()), 1, 0};
  return record(kFile, size, "SHORT.;1", "RR\x05\x01\x09" + entry + name);
}

}  // namespace

std::string cd(const std::string& label, const std::string& name, const std::string& text, Names names) {
  std::string image(16 * kSector, '\0');
  image += descriptor(1, label);
  image += names == Names::joliet ? descriptor(2, "") : descriptor('\xff', "");
  image += descriptor('\xff', "");
  std::string folder = record(kFolder, kSector, std::string(1, '\0'), "") +
                       record(kFolder, kSector, std::string(1, '\1'), "") +
                       file_record(name, text.size(), names);
  folder.resize(kSector);
  image += folder + text;
  image.resize((image.size() + kSector - 1) / kSector * kSector);
  return image;
}

}  // namespace gate41::testing
