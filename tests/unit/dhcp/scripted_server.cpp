#include "tests/unit/dhcp/scripted_server.hpp"

#include <algorithm>

namespace gate41::testing {
namespace {

// RFC 2131 §2, figure 1.
constexpr std::size_t kXidAt = 4, kSecondsAt = 8, kFlagsAt = 10, kClientAt = 12, kYourAt = 16,
                      kHardwareAt = 28;
constexpr std::size_t kServerNameAt = 44, kFileAt = 108, kCookieAt = 236, kOptionsAt = 240;

uint32_t number(const Octets& bytes, std::size_t at, std::size_t size) {
  uint32_t value = 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8U | bytes.at(at + i);
  return value;
}

void put(Octets& bytes, std::size_t at, const Octets& value) {
  std::copy(value.begin(), value.end(), bytes.begin() + static_cast<std::ptrdiff_t>(at));
}

std::map<uint8_t, Octets> options_in(const Octets& payload) {
  std::map<uint8_t, Octets> options;
  for (std::size_t at = kOptionsAt; payload.at(at) != 255; at += 2U + payload.at(at + 1)) {
    for (std::size_t i = 0; i < payload.at(at + 1); ++i)
      options[payload.at(at)].push_back(payload.at(at + 2 + i));
  }
  return options;
}

}  // namespace

Octets octets(uint32_t value) {
  return {static_cast<uint8_t>(value >> 24U), static_cast<uint8_t>(value >> 16U),
          static_cast<uint8_t>(value >> 8U), static_cast<uint8_t>(value)};
}

Octets octets(Ipv4Address address) { return octets(address.host()); }

Octets joined(const std::vector<Octets>& parts) {
  Octets all;
  for (const Octets& part : parts) all.insert(all.end(), part.begin(), part.end());
  return all;
}

Octets tlv(uint8_t code, const Octets& value) {
  return joined({{code, static_cast<uint8_t>(value.size())}, value});
}

Asked::Asked(const dhcp::SendMessage& message, TimePoint when)
    : payload(message.payload), source(message.source), destination(message.destination), at(when) {
  xid = number(payload, kXidAt, 4);
  seconds = static_cast<uint16_t>(number(payload, kSecondsAt, 2));
  flags = static_cast<uint16_t>(number(payload, kFlagsAt, 2));
  client_address = Ipv4Address(Be32(number(payload, kClientAt, 4)));
  hardware_address.assign(payload.begin() + kHardwareAt, payload.begin() + kHardwareAt + 6);
  options = options_in(payload);
  type = options.at(53).at(0);
}

Answer Answer::with(uint8_t code, const Octets& value) const {
  Answer copy = *this;
  copy.options.emplace_back(code, value);
  return copy;
}

Answer Answer::without(uint8_t code) const {
  Answer copy = *this;
  std::erase_if(copy.options, [&](const auto& option) { return option.first == code; });
  return copy;
}

Answer Answer::replaced(uint8_t code, const Octets& value) const {
  Answer copy = *this;
  const auto found = std::find_if(copy.options.begin(), copy.options.end(),
                                  [&](const auto& option) { return option.first == code; });
  found->second = value;
  return copy;
}

Octets Answer::bytes() const {
  Octets payload(kOptionsAt);
  put(payload, 0, {op, hardware, hardware_length, 0});
  put(payload, kXidAt, octets(xid));
  put(payload, kYourAt, octets(your_address));
  put(payload, kHardwareAt, Octets(mac.bytes.begin(), mac.bytes.end()));
  put(payload, kServerNameAt, server_name);
  put(payload, kFileAt, file);
  put(payload, kCookieAt, octets(cookie));
  for (const auto& [code, value] : options) {
    const Octets piece = tlv(code, value);
    payload.insert(payload.end(), piece.begin(), piece.end());
  }
  payload.push_back(255);
  return payload;
}

Answer answer_to(const Asked& asked, uint8_t type, uint32_t lease_seconds, Ipv4Address server) {
  Answer answer;
  answer.xid = asked.xid;
  answer.options = {{53, {type}}, {54, octets(server)}};
  if (type == kNak) {
    answer.your_address = kNone;
    return answer;
  }
  return answer.with(51, octets(lease_seconds)).with(1, {255, 255, 255, 0});
}

}  // namespace gate41::testing
