// ICMPv4 errors about protocol 41, from anybody: what is read of them lies inside the frame, and what follows
// from a believed one is bounded.
#include <algorithm>

#include "control/path/errors.hpp"
#include "dataplane/forward/icmp_error.hpp"
#include "dataplane/net/checksum.hpp"
#include "dataplane/tunnel/fragment.hpp"
#include "tests/fuzz/target.hpp"

namespace gate41::fuzz {
namespace {

constexpr std::size_t kEthernet = 14;
constexpr std::size_t kIpv4 = 20;

// A gateway at 11.0.0.2 with a relay, as the seeds have it.
Snapshot site() {
  Tunnel tunnel;
  tunnel.up = true;
  tunnel.local = tunnel.external = Ipv4Address::of(11, 0, 0, 2);
  tunnel.prefix = Ipv6Prefix{Ipv6Address::of({0x2002, 0xb00, 2, 0, 0, 0, 0, 0}), 48};
  tunnel.address = Ipv6Address::of({0x2002, 0xb00, 2, 0, 0, 0, 0, 1});
  tunnel.relays = {Ipv4Address::of(192, 88, 99, 1)};
  tunnel.mtu = 1480;
  tunnel.mtu_by_path = true;
  LanView lan;
  lan.prefixes = {Ipv6Prefix{Ipv6Address::of({0x2002, 0xb00, 2, 1, 0, 0, 0, 0}), 64}};
  lan.error_source = Ipv6Address::of({0x2002, 0xb00, 2, 1, 0, 0, 0, 1});
  Snapshot snapshot;
  snapshot.tunnels = {tunnel};
  snapshot.lans = {lan};
  return snapshot;
}

void require_bounded(const path::Consequences& found) {
  if (found.endpoint_mtu) require(*found.endpoint_mtu >= kLeastIpv4Mtu);
  require(found.answer.size() <= kMaxIcmpError);
  if (!found.plausible) require(!found.endpoint_mtu && !found.unreachable && found.answer.empty());
}

void read(Bytes frame, const Snapshot& snapshot) {
  const auto error = path::read_tunnel_error(frame);
  if (!error) return;
  require(error->inner.empty() ||
          (error->inner.data() >= frame.data() && error->inner.size() <= frame.size() &&
           error->inner.data() + error->inner.size() <= frame.data() + frame.size()));
  if (const auto mtu = path::path_mtu(*error)) require(*mtu >= kLeastIpv4Mtu && *mtu < error->total_length);
  path::Errors errors;
  require_bounded(errors.on_error(*error, snapshot, TimePoint{std::chrono::seconds(1000)}));
}

void put_checksum(std::span<uint8_t> bytes, std::size_t at) {
  bytes[at] = bytes[at + 1] = 0;
  const uint16_t sum = checksum(bytes);
  bytes[at] = static_cast<uint8_t>(sum >> 8U);
  bytes[at + 1] = static_cast<uint8_t>(sum);
}

// With the checksums of both headers put right, which no mutation hits by chance.
std::vector<uint8_t> mended(Bytes frame) {
  std::vector<uint8_t> bytes(frame.begin(), frame.end());
  if (bytes.size() < kEthernet + kIpv4 + 8) return bytes;
  const std::span<uint8_t> packet = std::span(bytes).subspan(kEthernet);
  put_checksum(packet.first(kIpv4), 10);
  const std::size_t total = std::min<std::size_t>(packet[2] * 256U + packet[3], packet.size());
  if (total >= kIpv4 + 8) put_checksum(packet.subspan(kIpv4, total - kIpv4), 2);
  return bytes;
}

}  // namespace
}  // namespace gate41::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace gate41;
  static const Snapshot snapshot = fuzz::site();
  fuzz::read({data, size}, snapshot);
  fuzz::read(fuzz::mended({data, size}), snapshot);
  return 0;
}
