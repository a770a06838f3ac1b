// Messages of the link: neighbour discovery, router advertisements of others, MLD; the readers, and the two
// engines that listen to them.
#include "control/nd/engine.hpp"
#include "control/nd/tunnel_answer.hpp"
#include "control/ndwire/options.hpp"
#include "control/ndwire/received.hpp"
#include "control/ra/advertiser.hpp"
#include "dataplane/net/checksum.hpp"
#include "tests/fuzz/target.hpp"

namespace gate41::fuzz {
namespace {

constexpr TimePoint kNow{std::chrono::seconds(1000)};
constexpr MacAddress kOwn{{2, 0x41, 0, 0, 0, 2}};
constexpr std::size_t kIpv6 = 14;
constexpr std::size_t kMessage = kIpv6 + 40;

// With the ICMPv6 checksum put right where the message follows the IPv6 header at once.
std::vector<uint8_t> mended(Bytes frame) {
  std::vector<uint8_t> result(frame.begin(), frame.end());
  if (result.size() < kMessage + 4) return result;
  Ipv6Address source;
  Ipv6Address destination;
  std::copy_n(result.begin() + kIpv6 + 8, 16, source.bytes.begin());
  std::copy_n(result.begin() + kIpv6 + 24, 16, destination.bytes.begin());
  const std::size_t length = result[kIpv6 + 4] * 256U + result[kIpv6 + 5];
  if (length < 4 || kMessage + length > result.size()) return result;
  result[kMessage + 2] = result[kMessage + 3] = 0;
  const uint16_t sum = checksum_ipv6(source, destination, 58, Bytes(result).subspan(kMessage, length));
  result[kMessage + 2] = static_cast<uint8_t>(sum >> 8U);
  result[kMessage + 3] = static_cast<uint8_t>(sum);
  return result;
}

void read_options(Bytes options) {
  ndwire::Options walk(options);
  std::size_t seen = 0;
  while (const auto option = walk.next()) seen += 2 + option->data.size();
  require(seen <= options.size());
  require(walk.failed() || seen == options.size());
  for (const uint8_t type : {ndwire::option_type::kSourceLladdr, ndwire::option_type::kTargetLladdr})
    (void)ndwire::find_lladdr(options, type);
}

void read_message(Bytes frame) {
  (void)ndwire::read_icmpv6(frame);
  const auto message = ndwire::read_nd(frame);
  if (!message) return;
  require(message->message.size() >= message->options.size());
  require(ndwire::well_formed(message->options));
  read_options(message->options);
}

void hear_neighbours(Bytes frame) {
  nd::Settings settings;
  settings.mac = kOwn;
  nd::Engine engine(settings, 41);
  const Ipv6Address own = Ipv6Address::from_halves(0xfe80ULL << 48U, eui64_interface_id(kOwn));
  engine.add_address(own, true, kNow);
  engine.on_frame(frame, kNow);
  (void)engine.take_outputs();
  if (const auto next = engine.next_deadline()) engine.on_timer(*next);
  (void)engine.take_outputs();
}

// What comes out of a tunnel has no Ethernet header.
void hear_tunnel(Bytes frame) {
  if (frame.size() < kIpv6) return;
  const Ipv6Address own = Ipv6Address::from_halves(0xfe80ULL << 48U, eui64_interface_id(kOwn));
  (void)nd::tunnel_answer(frame.subspan(kIpv6), {&own, 1});
}

void hear_routers(Bytes frame) {
  ra::Settings settings;
  settings.mac = kOwn;
  settings.link_local = Ipv6Address::from_halves(0xfe80ULL << 48U, eui64_interface_id(kOwn));
  ra::Advertiser advertiser(settings, 41);
  advertiser.start(kNow);
  advertiser.on_frame(frame, kNow);
  (void)advertiser.take_outputs();
  (void)advertiser.other_routers();
  (void)advertiser.describe(kNow);
}

}  // namespace
}  // namespace gate41::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace gate41;
  fuzz::read_options({data, size});
  const std::vector<uint8_t> mended = fuzz::mended({data, size});
  for (const Bytes frame : {Bytes(data, size), Bytes(mended)}) {
    fuzz::read_message(frame);
    fuzz::hear_neighbours(frame);
    fuzz::hear_tunnel(frame);
    fuzz::hear_routers(frame);
  }
  return 0;
}
