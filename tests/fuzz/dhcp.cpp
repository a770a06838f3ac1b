// Messages of DHCP servers: the message, its options in all their areas, and the lease that is read from
// them.
#include <random>

#include "control/dhcp/lease_reader.hpp"
#include "control/dhcp/message.hpp"
#include "control/dhcp/six_rd.hpp"
#include "tests/fuzz/target.hpp"

namespace gate41::fuzz {
namespace {

constexpr TimePoint kNow{std::chrono::seconds(1000)};

void read_options(const dhcp::Options& options) {
  for (unsigned code = 0; code < 256; ++code) {
    const auto number = static_cast<uint8_t>(code);
    const auto value = options.find(number);
    if (!value) continue;
    require(value->size() <= options.raw().size());
    (void)options.u8(number);
    (void)options.u16(number);
    (void)options.u32(number);
    (void)options.address(number);
    (void)options.addresses(number);
  }
}

// A lease that was believed is one to live with.
void require_usable(const dhcp::Lease& lease) {
  require(dhcp::is_assignable(lease.address));
  require(lease.prefix_length <= 32);
  require(lease.renew_at <= lease.rebind_at && lease.rebind_at <= lease.expires && lease.expires > kNow);
  if (lease.mtu) require(*lease.mtu >= 576);
}

// Option 212: what is taken makes prefixes that a LAN can use (E4).
void read_six_rd(Bytes value) {
  const auto read = dhcp::read_six_rd(value, Ipv4Address::of(11, 0, 0, 15));
  if (!read) return;
  require(read->ipv4_mask_len <= 32 && !read->border_relays.empty());
  require(read->prefix.length + 32 - read->ipv4_mask_len <= 64);
}

}  // namespace
}  // namespace gate41::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace gate41;
  const Bytes bytes(data, size);
  fuzz::read_six_rd(bytes);
  dhcp::Options area;
  if (area.add(bytes)) fuzz::read_options(area);
  const auto reply = dhcp::decode_reply(bytes);
  if (!reply) return 0;
  fuzz::read_options(reply->options);
  std::mt19937_64 random(41);
  if (const auto lease = dhcp::read_lease(*reply, fuzz::kNow, fuzz::kNow, random))
    fuzz::require_usable(*lease);
  return 0;
}
