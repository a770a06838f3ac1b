#include "perf/pipeline/fragments.hpp"

#include "dataplane/net/headers.hpp"
#include "dataplane/tunnel/outer_header.hpp"
#include "tests/support/ipv4_fragments.hpp"

namespace gate41::perf {
namespace {

using Bytes = std::vector<uint8_t>;
constexpr std::size_t kEthernet = sizeof(EthernetHeader);
constexpr std::size_t kV6Payload = kEthernet + sizeof(Ipv6Header);

std::size_t middle_of(std::size_t length) { return length / 16 * 8; }

Bytes v6_fragment(const Bytes& whole, std::size_t offset, std::size_t length, bool more) {
  Bytes fragment(kV6Payload + sizeof(FragmentHeader) + length);
  std::memcpy(fragment.data(), whole.data(), kV6Payload);
  uint8_t* v6 = fragment.data() + sizeof(EthernetHeader);
  const Be16 payload_length(static_cast<uint16_t>(sizeof(FragmentHeader) + length));
  const FragmentHeader header{v6[offsetof(Ipv6Header, next_header)], 0,
                              Be16(static_cast<uint16_t>(offset | (more ? 1U : 0U))), Be32(0)};
  v6[offsetof(Ipv6Header, next_header)] = ip_proto::kFragment;
  std::memcpy(v6 + offsetof(Ipv6Header, payload_length), &payload_length, sizeof payload_length);
  std::memcpy(v6 + sizeof(Ipv6Header), &header, sizeof header);
  std::memcpy(v6 + sizeof(Ipv6Header) + sizeof header, whole.data() + kV6Payload + offset, length);
  return fragment;
}

std::array<Bytes, 2> v6_fragments(const Bytes& whole) {
  const std::size_t length = whole.size() - kV6Payload;
  const std::size_t cut = middle_of(length);
  return {v6_fragment(whole, 0, cut, true), v6_fragment(whole, cut, length - cut, false)};
}

std::array<Bytes, 2> v4_fragments(const Bytes& whole) {
  const auto start = whole.begin() + static_cast<std::ptrdiff_t>(kEthernet);
  const Bytes packet(start, whole.end());
  const auto pieces = testing::ipv4_fragments(packet, {middle_of(packet.size() - sizeof(Ipv4Header))});
  std::array<Bytes, 2> frames;
  for (std::size_t i = 0; i < frames.size(); ++i) {
    frames[i].assign(whole.begin(), start);
    frames[i].insert(frames[i].end(), pieces[i].begin(), pieces[i].end());
  }
  return frames;
}

void number_v6(uint8_t* frame, uint32_t id) {
  const Be32 value(id);
  std::memcpy(frame + kV6Payload + offsetof(FragmentHeader, id), &value, sizeof value);
}

void number_v4(uint8_t* frame, uint32_t id) {
  Ipv4Header header;
  std::memcpy(&header, frame + kEthernet, sizeof header);
  header.id = Be16(static_cast<uint16_t>(id));
  write_with_checksum(std::span<uint8_t, sizeof header>(frame + kEthernet, sizeof header), header);
}

}  // namespace

FragmentedTraffic::FragmentedTraffic(Traffic& traffic, uint64_t flow, Job job, FrameSize size,
                                     rte_mbuf* spare)
    : job_(job) {
  const bool out = job == Job::encapsulate;
  traffic.write(spare, flow, out ? Direction::outbound : Direction::inbound, size);
  const auto* start = rte_pktmbuf_mtod(spare, const uint8_t*);
  const Bytes whole(start, start + rte_pktmbuf_data_len(spare));
  frames_ = out ? v6_fragments(whole) : v4_fragments(whole);
}

void FragmentedTraffic::write(std::span<rte_mbuf*> frames) {
  for (std::size_t i = 0; i < frames.size(); ++i) {
    const Bytes& bytes = frames_[i % 2];
    auto* start =
        reinterpret_cast<uint8_t*>(rte_pktmbuf_append(frames[i], static_cast<uint16_t>(bytes.size())));
    std::memcpy(start, bytes.data(), bytes.size());
    (job_ == Job::encapsulate ? number_v6 : number_v4)(start, next_id_ + static_cast<uint32_t>(i / 2));
  }
  next_id_ += static_cast<uint32_t>(frames.size() / 2);
}

}  // namespace gate41::perf
