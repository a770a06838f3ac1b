// Our own echo replies that are larger than their way out takes (RFC 8200 §4.5, I11). Nobody else's packets
// are cut: senders of IPv6 are told.
#include <cstring>

#include "dataplane/base/keyed_hash.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/net/parse.hpp"
#include "dataplane/worker/stages.hpp"

namespace gate41 {
namespace {

constexpr std::size_t kHeaders = sizeof(Ipv6Header) + sizeof(FragmentHeader);

struct Part {
  std::size_t offset;
  std::size_t length;
  bool more;
  uint32_t id;
};

void write_headers(std::span<uint8_t> out, Ipv6Header header, const Part& part) noexcept {
  const auto place = static_cast<uint16_t>(part.offset | (part.more ? 1U : 0U));
  const FragmentHeader fragment{header.next_header, 0, Be16(place), Be32(part.id)};
  header.next_header = ip_proto::kFragment;
  header.payload_length = Be16(static_cast<uint16_t>(sizeof fragment + part.length));
  Writer writer(out);
  writer.write(header);
  writer.write(fragment);
}

// RFC 7739: not to be guessed, and not the same again soon.
uint32_t next_id(WorkerState& worker) noexcept {
  const HashSecret& secret = worker.shared.secret;
  return static_cast<uint32_t>(fold_multiply(secret.a ^ ++worker.fragments_made, secret.c));
}

// A fragment of `whole` in a buffer of its own; routed at the end of the burst, as errors of ours are.
bool create_part(const Packet& whole, const Ipv6Header& header, const Part& part,
                 WorkerState& worker) noexcept {
  if (worker.created.size() == worker.created.capacity()) return false;
  rte_mbuf* mbuf = rte_pktmbuf_alloc(worker.shared.pool);
  if (mbuf == nullptr) return false;
  const std::size_t length = kHeaders + part.length;
  auto* room = reinterpret_cast<uint8_t*>(rte_pktmbuf_append(mbuf, static_cast<uint16_t>(length)));
  if (room == nullptr) {
    rte_pktmbuf_free(mbuf);
    return false;
  }
  write_headers({room, length}, header, part);
  std::memcpy(room + kHeaders, ipv6_bytes(whole).data() + sizeof header + part.offset, part.length);
  Packet& created = worker.created.emplace_back();
  created.mbuf = mbuf;
  created.parsed = parse_ipv6_packet(bytes_from(created, 0));
  created.origin = Origin::created;
  created.from = Side::own;
  created.lan = whole.lan;
  created.tunnel = whole.tunnel;
  created.to_peer = whole.to_peer;
  created.asked = whole.asked;
  created.adjacency = whole.adjacency;
  worker.counters.created.add();
  return true;
}

// The packet becomes its own first fragment: its payload stays, the header moves to make room.
bool keep_part(Packet& packet, const Ipv6Header& header, const Part& part) noexcept {
  if (rte_pktmbuf_prepend(packet.mbuf, sizeof(FragmentHeader)) == nullptr) return false;
  Ipv6Fields& v6 = packet.parsed.v6;
  const std::size_t end = v6.offset + kHeaders + part.length;
  write_headers({rte_pktmbuf_mtod_offset(packet.mbuf, uint8_t*, v6.offset), kHeaders}, header, part);
  rte_pktmbuf_trim(packet.mbuf, static_cast<uint16_t>(rte_pktmbuf_data_len(packet.mbuf) - end));
  v6.next_header = ip_proto::kFragment;
  v6.payload_length = static_cast<uint16_t>(sizeof(FragmentHeader) + part.length);
  v6.fragment = FragmentState::first;
  return true;
}

}  // namespace

// One buffer's packet needs two fragments at most, since no way takes less than 1280 bytes.
Verdict cut_in_two(Packet& packet, uint16_t mtu, StageContext& context) noexcept {
  if (mtu <= kHeaders) return Verdict::drop(DropReason::packet_too_big);
  const std::size_t most = (mtu - kHeaders) / 8 * 8;
  const std::size_t payload = packet.parsed.v6.payload_length;
  if (payload > 2 * most) return Verdict::drop(DropReason::packet_too_big);
  if (rte_pktmbuf_headroom(packet.mbuf) < sizeof(FragmentHeader))
    return Verdict::drop(DropReason::no_headroom);
  const auto header = Reader(ipv6_bytes(packet)).read<Ipv6Header>();
  const uint32_t id = next_id(context.worker);
  if (!create_part(packet, header, {most, payload - most, false, id}, context.worker))
    return Verdict::drop(DropReason::no_buffer);
  return keep_part(packet, header, {0, most, true, id}) ? Verdict::next()
                                                        : Verdict::drop(DropReason::no_headroom);
}

}  // namespace gate41
