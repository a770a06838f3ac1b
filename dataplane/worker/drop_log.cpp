#include "dataplane/worker/drop_log.hpp"

namespace gate41 {
namespace {

void fill_v4(DropSample& sample, const ParsedPacket& parsed) noexcept {
  // A header that was cut off has filled nothing.
  if (parsed.layer3 != Layer3::ipv4 || parsed.v4.total_length == 0) return;
  sample.has_v4 = true;
  sample.v4_source = parsed.v4.source;
  sample.v4_destination = parsed.v4.destination;
  sample.protocol = parsed.v4.protocol;
}

void fill_v6(DropSample& sample, const ParsedPacket& parsed) noexcept {
  if (!parsed.has_v6) return;
  sample.has_v6 = true;
  sample.v6_source = parsed.v6.source;
  sample.v6_destination = parsed.v6.destination;
  sample.protocol = parsed.l4.protocol;
}

void fill_l4(DropSample& sample, const Layer4Fields& l4) noexcept {
  sample.has_l4 = l4.present;
  if (!l4.present) return;
  sample.icmp_type = l4.icmp_type;
  sample.source_port = l4.source_port;
  sample.destination_port = l4.destination_port;
}

}  // namespace

DropSample sample_of(const Packet& packet, DropReason reason, TimePoint now) noexcept {
  DropSample sample;
  sample.time = now;
  sample.reason = reason;
  sample.link = packet.link;
  sample.source_mac = packet.parsed.source_mac;
  fill_v4(sample, packet.parsed);
  fill_v6(sample, packet.parsed);
  fill_l4(sample, packet.parsed.l4);
  return sample;
}

}  // namespace gate41
