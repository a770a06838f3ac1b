#include "control/daemon/client_id.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <fmt/core.h>
#include <span>

#include "control/daemon/platform.hpp"
#include "control/dhcp/client_id.hpp"

namespace gate41 {
namespace {

constexpr const char* kStoredDuid = "duid";

std::string to_hex(std::span<const uint8_t> bytes) {
  std::string text;
  for (const uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

std::vector<uint8_t> from_hex(std::string_view text) {
  const auto digit = [](char c) -> int {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
  };
  std::vector<uint8_t> bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    const int high = digit(text[i]);
    const int low = digit(text[i + 1]);
    if (high < 0 || low < 0) break;
    bytes.push_back(static_cast<uint8_t>(high * 16 + low));
  }
  return bytes;
}

using Uuid = std::array<uint8_t, 16>;

Uuid draw_uuid() {
  Uuid uuid;
  const std::array<uint64_t, 2> random{random_seed(), random_seed()};
  std::memcpy(uuid.data(), random.data(), uuid.size());
  uuid[6] = static_cast<uint8_t>((uuid[6] & 0x0fU) | 0x40U);  // RFC 4122 version 4
  uuid[8] = static_cast<uint8_t>((uuid[8] & 0x3fU) | 0x80U);
  return uuid;
}

Uuid stored_uuid(loop::StateStore& store) {
  const std::vector<uint8_t> stored = from_hex(store.load(kStoredDuid).value_or(""));
  Uuid uuid{};
  if (stored.size() == uuid.size()) {
    std::ranges::copy(stored, uuid.begin());
    return uuid;
  }
  uuid = draw_uuid();
  store.save(kStoredDuid, to_hex(uuid) + "\n");
  return uuid;
}

}  // namespace

std::vector<uint8_t> client_id(const std::string& configured, loop::StateStore& store) {
  if (configured != "auto") return from_hex(configured);
  return dhcp::duid_client_id(stored_uuid(store), 1);
}

}  // namespace gate41
