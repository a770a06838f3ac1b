// Stage 8, for an outer packet that its link does not carry whole: IPv4 fragments (D8, D19, Q7). The packet's
// own buffer becomes the first one; the others are copies, so that every buffer stays one segment. All
// buffers are taken before anything is sent: a packet goes whole or not at all.
#include <algorithm>
#include <array>
#include <cstring>

#include "dataplane/tunnel/fragment.hpp"
#include "dataplane/worker/stages.hpp"

namespace gate41 {
namespace {

// An IPv6 packet of up to 1480 bytes over a link of 68.
constexpr std::size_t kMaxFragments = 32;

struct Cut {
  std::size_t header = 0;  // Ethernet and IPv4
  uint16_t each = 0;       // payload of every fragment but the last
  uint16_t payload = 0;    // of the packet
  std::size_t count = 0;
  [[nodiscard]] Piece piece(std::size_t i) const noexcept {
    const auto offset = static_cast<uint16_t>(i * each);
    return {offset, std::min<uint16_t>(each, static_cast<uint16_t>(payload - offset)), i + 1 < count};
  }
};

Cut cut_of(const Packet& packet, uint16_t mtu) noexcept {
  const uint16_t payload = packet.parsed.v6.total_length();
  return {packet.way.header_length, fragment_payload(mtu), payload, fragments_needed(payload, mtu)};
}

std::span<uint8_t, sizeof(Ipv4Header)> outer_of(rte_mbuf* mbuf, const Adjacency& way) noexcept {
  return std::span<uint8_t, sizeof(Ipv4Header)>(rte_pktmbuf_mtod_offset(mbuf, uint8_t*, way.ethernet_length),
                                                sizeof(Ipv4Header));
}

// Room for its bytes in each but the first; false and nothing taken when there is none.
bool take_buffers(std::span<rte_mbuf*> buffers, const Cut& cut, rte_mempool* pool) noexcept {
  const auto n = static_cast<unsigned>(buffers.size());
  if (rte_pktmbuf_alloc_bulk(pool, buffers.data(), n) != 0) return false;
  for (std::size_t i = 0; i < buffers.size(); ++i) {
    const auto length = static_cast<uint16_t>(cut.header + cut.piece(i + 1).length);
    if (rte_pktmbuf_append(buffers[i], length) != nullptr) continue;
    rte_pktmbuf_free_bulk(buffers.data(), n);
    return false;
  }
  return true;
}

void copy_piece(rte_mbuf* to, const rte_mbuf* packet, const Cut& cut, const Piece& piece) noexcept {
  const auto* from = rte_pktmbuf_mtod(packet, const uint8_t*);
  auto* start = rte_pktmbuf_mtod(to, uint8_t*);
  std::memcpy(start, from, cut.header);
  std::memcpy(start + cut.header, from + cut.header + piece.offset, piece.length);
}

}  // namespace

void send_in_fragments(Packet& packet, StageContext& context) noexcept {
  WorkerState& worker = context.worker;
  // E12: whoever must not be fragmented has no other way either.
  if (has_dont_fragment(outer_of(packet.mbuf, packet.way)))
    return drop_packet(packet, DropReason::packet_too_big, context);
  const Cut cut = cut_of(packet, context.snapshot.links[packet.link].mtu);
  std::array<rte_mbuf*, kMaxFragments> pieces{packet.mbuf};
  if (cut.count > kMaxFragments ||
      !take_buffers(std::span(pieces).subspan(1, cut.count - 1), cut, worker.shared.pool))
    return drop_packet(packet, DropReason::no_buffer, context);
  worker.tracer.note(packet, Verdict::next(), context);
  for (std::size_t i = 1; i < cut.count; ++i) copy_piece(pieces[i], packet.mbuf, cut, cut.piece(i));
  rte_pktmbuf_trim(packet.mbuf, static_cast<uint16_t>(cut.payload - cut.each));
  worker.counters.created.add(cut.count - 1);
  worker.counters.tunnels[packet.way.tunnel].fragmented.add();
  for (std::size_t i = 0; i < cut.count; ++i) {
    make_fragment_header(outer_of(pieces[i], packet.way), cut.piece(i));
    transmit(pieces[i], packet.link, context);
  }
}

}  // namespace gate41
