#include "appliance/init/huge_pages.hpp"

#include <algorithm>
#include <charconv>

namespace gate41::appliance {
namespace {

constexpr uint64_t kKibPerPage = 2048;
constexpr uint64_t kKibPerMebibyte = 1024;
// A smaller machine runs the small memory profile, which needs so many with two cards.
constexpr uint64_t kSmallBelow = 256 * kKibPerMebibyte;
constexpr unsigned kSmallPages = 6;

}  // namespace

uint64_t memory_total_kib(std::string_view meminfo) {
  constexpr std::string_view kName = "MemTotal:";
  const std::size_t at = meminfo.find(kName);
  if (at == std::string_view::npos) return 0;
  meminfo.remove_prefix(at + kName.size());
  meminfo.remove_prefix(std::min(meminfo.find_first_not_of(' '), meminfo.size()));
  uint64_t kib = 0;
  std::from_chars(meminfo.data(), meminfo.data() + meminfo.size(), kib);
  return kib;
}

unsigned huge_pages_for(uint64_t memory_kib) {
  if (memory_kib < kSmallBelow) return kSmallPages;
  // As the daemon asks for.
  const uint64_t wanted = std::clamp(memory_kib / 16, 96 * kKibPerMebibyte, 128 * kKibPerMebibyte);
  return static_cast<unsigned>(wanted / kKibPerPage);
}

}  // namespace gate41::appliance
