// Netlink messages and their attributes, as they lie in memory (RFC 3549, linux/netlink.h): what comes behind
// a header, and what follows whom. Nothing is read beyond the end that the kernel has told; what is shorter
// than its own header ends a walk. Ours rather than libmnl's, which Debian has for shared linking alone.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <linux/netlink.h>
#include <span>
#include <string_view>

namespace gate41::loop {

using NetlinkBytes = std::span<const uint8_t>;

// Messages and attributes begin at multiples of four bytes.
[[nodiscard]] constexpr std::size_t netlink_aligned(std::size_t length) {
  return (length + 3) & ~std::size_t{3};
}

// What is behind the first `header` bytes of something that is `length` long in all.
template <typename Header>
[[nodiscard]] NetlinkBytes bytes_behind(const Header& header, std::size_t length) {
  const auto* start = reinterpret_cast<const uint8_t*>(&header);
  return length < sizeof header ? NetlinkBytes{} : NetlinkBytes(start, length).subspan(sizeof header);
}
[[nodiscard]] inline NetlinkBytes payload_of(const nlmsghdr& message) {
  return bytes_behind(message, message.nlmsg_len);
}
[[nodiscard]] inline NetlinkBytes payload_of(const nlattr& attribute) {
  return bytes_behind(attribute, attribute.nla_len);
}
[[nodiscard]] inline uint16_t type_of(const nlattr& attribute) {
  return attribute.nla_type & static_cast<uint16_t>(NLA_TYPE_MASK);
}

// The family's header (ifaddrmsg, rtmsg ...); nullptr where the message is too short for it.
template <typename Header>
[[nodiscard]] const Header* header_of(const nlmsghdr& message) {
  const NetlinkBytes bytes = payload_of(message);
  return bytes.size() < sizeof(Header) ? nullptr : reinterpret_cast<const Header*>(bytes.data());
}

// The attribute's value, or `missing` when it isn't there or too short.
template <typename T>
[[nodiscard]] T value_of(const nlattr* attribute, T missing = {}) {
  if (attribute == nullptr || payload_of(*attribute).size() < sizeof(T)) return missing;
  T value;
  std::memcpy(&value, payload_of(*attribute).data(), sizeof value);
  return value;
}
// Without the zero at its end.
[[nodiscard]] inline std::string_view text_of(const nlattr& attribute) {
  const NetlinkBytes bytes = payload_of(attribute);
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return text.substr(0, text.find('\0'));
}

// Calls `visit` with each item; `length` tells how long an item is, its header included.
template <typename Item, typename Visit>
void for_each_item(NetlinkBytes bytes, auto Item::*length, Visit visit) {
  while (bytes.size() >= sizeof(Item)) {
    const auto& item = *reinterpret_cast<const Item*>(bytes.data());
    const std::size_t size = item.*length;
    if (size < sizeof(Item) || size > bytes.size()) return;
    visit(item);
    bytes = bytes.subspan(std::min(netlink_aligned(size), bytes.size()));
  }
}
template <typename Visit>
void for_each_message(NetlinkBytes bytes, Visit visit) {
  for_each_item(bytes, &nlmsghdr::nlmsg_len, visit);
}
template <typename Visit>
void for_each_attribute(NetlinkBytes bytes, Visit visit) {
  for_each_item(bytes, &nlattr::nla_len, visit);
}

}  // namespace gate41::loop
