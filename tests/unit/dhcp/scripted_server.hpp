// The other end of DHCP for tests: reads what the client sends and writes a server's answers, from the layout
// of RFC 2131 §2 by byte offsets of its own, so a mistake in the product's encoder is not mirrored here.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "control/dhcp/client.hpp"

namespace gate41::testing {

using Octets = std::vector<uint8_t>;

inline constexpr uint8_t kDiscover = 1, kOffer = 2, kRequest = 3, kDecline = 4, kAck = 5, kNak = 6,
                         kRelease = 7;

inline const MacAddress kClientMac{{0x02, 0, 0, 0, 0, 0x42}};
inline const Ipv4Address kServer = Ipv4Address::of(11, 0, 0, 1);
inline const Ipv4Address kOtherServer = Ipv4Address::of(11, 0, 0, 2);
inline const Ipv4Address kAddress = Ipv4Address::of(11, 0, 0, 42);
inline const Ipv4Address kOtherAddress = Ipv4Address::of(11, 0, 0, 77);
inline const Ipv4Address kNone{};
inline const Ipv4Address kEverybody = Ipv4Address::of(255, 255, 255, 255);
inline const Octets kClientId{0xff, 1, 2, 3, 4, 0, 4, 9, 9};

Octets octets(uint32_t value);
Octets octets(Ipv4Address address);
Octets joined(const std::vector<Octets>& parts);
// `code`, length, value.
Octets tlv(uint8_t code, const Octets& value);

// A client's message, as its bytes say.
struct Asked {
  Octets payload;
  Ipv4Address source, destination;
  TimePoint at;
  uint8_t type = 0;
  uint32_t xid = 0;
  uint16_t seconds = 0;
  uint16_t flags = 0;
  Ipv4Address client_address;
  Octets hardware_address;
  std::map<uint8_t, Octets> options;

  Asked() = default;
  Asked(const dhcp::SendMessage& message, TimePoint at);
  [[nodiscard]] bool has(uint8_t code) const { return options.contains(code); }
};

// A server's message, field by field.
struct Answer {
  uint8_t op = 2, hardware = 1, hardware_length = 6;
  uint32_t xid = 0;
  Ipv4Address your_address = kAddress;
  MacAddress mac = kClientMac;
  uint32_t cookie = 0x63825363;
  std::vector<std::pair<uint8_t, Octets>> options;  // in this order; an end option follows
  Octets server_name, file;                         // raw content, for option 52

  [[nodiscard]] Answer with(uint8_t code, const Octets& value) const;
  [[nodiscard]] Answer without(uint8_t code) const;
  // The first piece of `code` gets this value.
  [[nodiscard]] Answer replaced(uint8_t code, const Octets& value) const;
  [[nodiscard]] Octets bytes() const;
};

// With options 53, 54 and, but for a NAK, 51 and 1 (/24).
Answer answer_to(const Asked& asked, uint8_t type, uint32_t lease_seconds = 3600,
                 Ipv4Address server = kServer);

}  // namespace gate41::testing
