#include "dataplane/filter/host_flows.hpp"

#include <utility>

#include "dataplane/net/flow_hash.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41 {
namespace {

constexpr Duration kTcpEstablished = std::chrono::seconds(7440);
constexpr Duration kTcpTransitory = std::chrono::seconds(240);
constexpr Duration kOther = std::chrono::seconds(60);

bool is_icmp(const ParsedPacket& packet) noexcept {
  return packet.l4.protocol == (packet.has_v6 ? ip_proto::kIcmpv6 : ip_proto::kIcmp);
}

bool is_echo_request(const ParsedPacket& packet) noexcept {
  return packet.l4.icmp_type == (packet.has_v6 ? icmpv6_type::kEchoRequest : icmpv4_type::kEchoRequest);
}

bool is_echo_reply(const ParsedPacket& packet) noexcept {
  return packet.l4.icmp_type == (packet.has_v6 ? icmpv6_type::kEchoReply : icmpv4_type::kEchoReply);
}

// Our own kernel sends an ACK alone only on a connection that it has established.
Duration lifetime_of(const ParsedPacket& packet) noexcept {
  if (packet.l4.protocol != ip_proto::kTcp) return kOther;
  constexpr uint8_t kNotSettled = tcp_flag::kSyn | tcp_flag::kFin | tcp_flag::kRst;
  return (packet.l4.tcp_flags & kNotSettled) == 0 ? kTcpEstablished : kTcpTransitory;
}

}  // namespace

std::optional<HostFlows::Key> HostFlows::key_of_sent(const ParsedPacket& packet) noexcept {
  if (!packet.l4.present) return std::nullopt;
  Key key;
  key.own = packet.has_v6 ? packet.v6.source : mapped(packet.v4.source);
  key.peer = packet.has_v6 ? packet.v6.destination : mapped(packet.v4.destination);
  key.own_port = packet.l4.source_port;
  key.peer_port = packet.l4.destination_port;
  key.protocol = packet.l4.protocol;
  if (packet.has_v6 && is_icmp(packet) && is_echo_request(packet)) key.peer = {};
  return key;
}

// The flow of ours that a packet to us answers.
std::optional<HostFlows::Key> HostFlows::key_of_answered(const ParsedPacket& packet) noexcept {
  std::optional<Key> key = key_of_sent(packet);
  if (!key) return key;
  std::swap(key->own, key->peer);
  std::swap(key->own_port, key->peer_port);
  if (packet.has_v6 && is_icmp(packet)) key->peer = {};
  return key;
}

uint64_t HostFlows::hash(const Key& key) const noexcept {
  return flow_signature(secret_, pair_hash(secret_, key.own, key.peer), key.protocol, key.own_port,
                        key.peer_port);
}

bool HostFlows::knows(const Key& key, TimePoint now) const noexcept {
  return flows_.contains(key, hash(key), now);
}

void HostFlows::on_sent(const ParsedPacket& packet, TimePoint now) noexcept {
  const std::optional<Key> key = key_of_sent(packet);
  if (!key || (is_icmp(packet) && !is_echo_request(packet))) return;
  flows_.put(*key, hash(*key), now, lifetime_of(packet));
}

bool HostFlows::expects(const ParsedPacket& packet, const ParsedPacket* quote, TimePoint now) const noexcept {
  if (quote != nullptr) {
    const std::optional<Key> ours = key_of_sent(*quote);
    const Ipv6Address to = packet.has_v6 ? packet.v6.destination : mapped(packet.v4.destination);
    return ours && ours->own == to && knows(*ours, now);
  }
  if (is_icmp(packet) && !is_echo_reply(packet)) return false;
  const std::optional<Key> ours = key_of_answered(packet);
  return ours && knows(*ours, now);
}

bool HostFlows::has_sent(const ParsedPacket& packet, TimePoint now) const noexcept {
  const std::optional<Key> key = key_of_sent(packet);
  return key && knows(*key, now);
}

}  // namespace gate41
