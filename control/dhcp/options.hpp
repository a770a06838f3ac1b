// DHCP options (RFC 2132 §2): reading and writing of option areas, long options joined and split (RFC 3396).
// Bytes come from the network: every read is bounded, a malformed area is refused whole.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "dataplane/net/cursor.hpp"

namespace gate41::dhcp {

// IANA "BOOTP Vendor Extensions and DHCP Options".
namespace option {
inline constexpr uint8_t kPad = 0;
inline constexpr uint8_t kSubnetMask = 1;
inline constexpr uint8_t kRouter = 3;
inline constexpr uint8_t kDns = 6;
inline constexpr uint8_t kHostName = 12;
inline constexpr uint8_t kDomainName = 15;
inline constexpr uint8_t kMtu = 26;
inline constexpr uint8_t kBroadcastAddress = 28;
inline constexpr uint8_t kTimeServers = 42;
inline constexpr uint8_t kRequestedAddress = 50;
inline constexpr uint8_t kLeaseTime = 51;
inline constexpr uint8_t kOverload = 52;
inline constexpr uint8_t kMessageType = 53;
inline constexpr uint8_t kServerId = 54;
inline constexpr uint8_t kParameterRequest = 55;
inline constexpr uint8_t kMaxMessageSize = 57;
inline constexpr uint8_t kRenewalTime = 58;
inline constexpr uint8_t kRebindingTime = 59;
inline constexpr uint8_t kClientId = 61;
inline constexpr uint8_t kClasslessRoutes = 121;
inline constexpr uint8_t k6rd = 212;
inline constexpr uint8_t kEnd = 255;
}  // namespace option

// The options of one message, the pieces of each joined in the order of their coming (RFC 3396 §7).
class Options {
 public:
  // Reads one area up to its end option. False: an option runs past the area's end; nothing of it counts
  // then.
  bool add(Bytes area);

  [[nodiscard]] std::optional<Bytes> find(uint8_t code) const;
  // Values of a fixed size: another length is no value.
  [[nodiscard]] std::optional<uint8_t> u8(uint8_t code) const { return fixed<uint8_t>(code); }
  [[nodiscard]] std::optional<uint16_t> u16(uint8_t code) const;
  [[nodiscard]] std::optional<uint32_t> u32(uint8_t code) const;
  [[nodiscard]] std::optional<Ipv4Address> address(uint8_t code) const { return fixed<Ipv4Address>(code); }
  // A list of addresses, 0.0.0.0 left out; empty when absent or not a multiple of four long.
  [[nodiscard]] std::vector<Ipv4Address> addresses(uint8_t code) const;
  // Code, length, value of every piece as received, areas one after the other, without pad and end.
  [[nodiscard]] const std::vector<uint8_t>& raw() const { return raw_; }

 private:
  template <typename T>
  [[nodiscard]] std::optional<T> fixed(uint8_t code) const {
    const auto value = find(code);
    if (!value || value->size() != sizeof(T)) return std::nullopt;
    return Reader(*value).read<T>();
  }

  std::map<uint8_t, std::vector<uint8_t>> values_;
  std::vector<uint8_t> raw_;
};

// Appends one option; a value over 255 bytes goes out in pieces (RFC 3396 §6).
void write_option(Writer& writer, uint8_t code, Bytes value);

}  // namespace gate41::dhcp
