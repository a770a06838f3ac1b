#include "control/dhcp/client_id.hpp"

#include "dataplane/net/cursor.hpp"

namespace gate41::dhcp {
namespace {

constexpr uint8_t kTypeDuid = 255;  // RFC 4361 §6.1
constexpr uint16_t kDuidUuid = 4;   // RFC 6355 §4
constexpr std::size_t kSize = 1 + 4 + 2 + 16;

}  // namespace

std::vector<uint8_t> duid_client_id(const std::array<uint8_t, 16>& uuid, uint32_t interface) {
  std::vector<uint8_t> id(kSize);
  Writer writer(id);
  writer.u8(kTypeDuid);
  writer.u32(interface);
  writer.u16(kDuidUuid);
  writer.write(uuid);
  return id;
}

}  // namespace gate41::dhcp
