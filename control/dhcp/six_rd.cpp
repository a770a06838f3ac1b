#include "control/dhcp/six_rd.hpp"

#include <array>
#include <fmt/core.h>

#include "control/dhcp/message.hpp"

namespace gate41::dhcp {
namespace {

constexpr std::size_t kSizeWithoutRelays = 18;  // mask length, prefix length, prefix
constexpr unsigned kIpv4Bits = 32;
constexpr unsigned kIpv6Bits = 128;
constexpr unsigned kSubnetBits = 64;  // what a LAN's prefix is long

bool is_size_right(std::size_t size) {
  return size > kSizeWithoutRelays && (size - kSizeWithoutRelays) % sizeof(Ipv4Address) == 0;
}

// What is wrong with the lengths, or nothing.
std::string fault_of_lengths(unsigned mask_len, unsigned prefix_len) {
  if (mask_len > kIpv4Bits) return fmt::format("its IPv4 mask length is {}, 32 at most is right", mask_len);
  const unsigned delegated = prefix_len + kIpv4Bits - mask_len;
  if (delegated > kIpv6Bits)
    return fmt::format("a prefix length of {} and {} bits of IPv4 address are more than 128 bits", prefix_len,
                       kIpv4Bits - mask_len);
  if (delegated > kSubnetBits)
    return fmt::format("it delegates a /{}, which has no room for a LAN's /64", delegated);
  return {};
}

// Blocks that no site's addresses come from: those of unspecified, loopback and IPv4-mapped addresses, of
// link-local and of multicast ones. A prefix that is short enough to hold one is no provider's either.
bool is_delegable(const Ipv6Prefix& prefix) {
  static const std::array kNever = {Ipv6Prefix::of(Ipv6Address{}, 8),
                                    Ipv6Prefix::of(Ipv6Address::of({0xfe80, 0, 0, 0, 0, 0, 0, 0}), 10),
                                    Ipv6Prefix::of(Ipv6Address::of({0xff00, 0, 0, 0, 0, 0, 0, 0}), 8)};
  for (const Ipv6Prefix& block : kNever)
    if (block.contains(prefix.address) || prefix.contains(block.address)) return false;
  return true;
}

std::string fault_of_relays(const std::vector<Ipv4Address>& relays, Ipv4Address own) {
  for (const Ipv4Address relay : relays) {
    if (!is_assignable(relay)) return relay.to_string() + " cannot be a border relay";
    if (relay == own) return "it names our own address as a border relay";
  }
  return {};
}

}  // namespace

Result<SixRd> read_six_rd(Bytes value, Ipv4Address own) {
  if (!is_size_right(value.size()))
    return fail(fmt::format("it is {} bytes long, 18 and 4 for each border relay are right", value.size()));
  Reader reader(value);
  SixRd six_rd;
  six_rd.ipv4_mask_len = reader.u8();
  const uint8_t prefix_len = reader.u8();
  const auto prefix = reader.read<Ipv6Address>();
  while (reader.remaining() > 0) six_rd.border_relays.push_back(reader.read<Ipv4Address>());
  if (const auto fault = fault_of_lengths(six_rd.ipv4_mask_len, prefix_len); !fault.empty())
    return fail(fault);
  six_rd.prefix = Ipv6Prefix::of(prefix, prefix_len);  // what follows is to be ignored
  if (!is_delegable(six_rd.prefix)) return fail(six_rd.prefix.to_string() + " cannot be delegated");
  if (const auto fault = fault_of_relays(six_rd.border_relays, own); !fault.empty()) return fail(fault);
  return six_rd;
}

}  // namespace gate41::dhcp
