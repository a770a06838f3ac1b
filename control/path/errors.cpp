#include "control/path/errors.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

#include "dataplane/forward/icmp_error.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/net/parse.hpp"
#include "dataplane/tunnel/checks.hpp"
#include "dataplane/tunnel/path_mtu.hpp"

namespace gate41::path {
namespace {

struct InnerAddresses {
  Ipv6Address source;
  Ipv6Address destination;
};

std::optional<InnerAddresses> inner_addresses(const TunnelError& error) noexcept {
  if (!error.holds_ipv6_header()) return std::nullopt;
  Reader in(error.inner);
  const auto header = in.read<Ipv6Header>();
  return InnerAddresses{header.source, header.destination};
}

// X1, E12: a static tunnel sets DF only with an anycast source.
bool sets_dont_fragment(const Tunnel& tunnel) noexcept {
  return tunnel.mtu_by_path || !tunnel.anycast.is_unspecified();
}

// The site that the inner destination is at.
bool goes_to_site(const Tunnel& tunnel, const Ipv6Address& inner_destination, Ipv4Address site) noexcept {
  return tunnel.kind != TunnelKind::six_in_four && tunnel.domain.contains(inner_destination) &&
         tunnel.domain.v4_of(inner_destination) == site;
}

// Where the inner addresses are not quoted: an address that a site may have.
bool may_be_site(const Tunnel& tunnel, Ipv4Address address) noexcept {
  if (tunnel.kind == TunnelKind::six_rd) return tunnel.domain.sites.contains(address);
  return tunnel.kind == TunnelKind::six_to_four && never_embed(address, tunnel.lab()) == nullptr;
}

// Its destination is where such a packet is sent, and it would pass the checks on its way out.
bool is_peer(const Tunnel& tunnel, const TunnelError& error) noexcept {
  const Ipv4Address destination = error.destination;
  const auto inner = inner_addresses(error);
  if (!inner) return tunnel.is_relay(destination) || may_be_site(tunnel, destination);
  if (!goes_to_site(tunnel, inner->destination, destination) && !tunnel.is_relay(destination)) return false;
  return !check_encap(tunnel, inner->source, inner->destination, destination);
}

bool could_send(const Tunnel& tunnel, const TunnelError& error) noexcept {
  if (!tunnel.up || !tunnel.is_own_v4(error.source)) return false;
  if (error.dont_fragment && !sets_dont_fragment(tunnel)) return false;
  return error.total_length <= tunnel.mtu + sizeof(Ipv4Header) && is_peer(tunnel, error);
}

// The LAN that the inner source is on: who else would believe us, and whom else may we bother?
const LanView* lan_of(const Snapshot& snapshot, const Ipv6Address& source) noexcept {
  for (const LanView& lan : snapshot.lans)
    if (std::ranges::any_of(lan.prefixes, [&](const Ipv6Prefix& prefix) { return prefix.contains(source); }))
      return &lan;
  return nullptr;
}

// D17; and for one that is too big what the next packet would be told, a round trip earlier.
std::optional<IcmpError> error_for_source(const TunnelError& error, uint16_t tunnel_mtu,
                                          std::optional<uint16_t> path) noexcept {
  if (!error.is_too_big()) return icmp_error::kAddressUnreachable;
  if (!path) return std::nullopt;
  const uint16_t fits = path_limit(tunnel_mtu, *path).mtu;
  if (error.total_length - sizeof(Ipv4Header) <= fits) return std::nullopt;
  return icmp_error::packet_too_big(fits);
}

std::vector<uint8_t> answer_to(const TunnelError& error, const Snapshot& snapshot, uint16_t tunnel_mtu,
                               std::optional<uint16_t> path) {
  const auto inner = inner_addresses(error);
  const LanView* lan = inner ? lan_of(snapshot, inner->source) : nullptr;
  const auto icmp = error_for_source(error, tunnel_mtu, path);
  if (lan == nullptr || !icmp || !may_answer_with_error(parse_quoted_ipv6(error.inner), *icmp)) return {};
  std::vector<uint8_t> packet(kMaxIcmpError);
  packet.resize(build_icmp_error(packet, *icmp, lan->error_source, error.inner));
  return packet;
}

const char* meaning_of(const TunnelError& error) noexcept {
  if (error.is_too_big()) return "takes no packets as long as ours";
  if (error.type == icmpv4_type::kTimeExceeded) return "is too far away, or a fragment was lost";
  if (error.type == icmpv4_type::kParameterProblem) return "gets packets that a router objects to";
  return "is unreachable";
}

}  // namespace

std::optional<std::size_t> sender_of(const Snapshot& snapshot, const TunnelError& error) noexcept {
  for (std::size_t i = 0; i < snapshot.tunnels.size(); ++i)
    if (could_send(snapshot.tunnels[i], error)) return i;
  return std::nullopt;
}

Consequences Errors::on_error(const TunnelError& error, const Snapshot& snapshot, TimePoint now) {
  Consequences result;
  const auto sender = sender_of(snapshot, error);
  if (!sender) return result;
  const Tunnel& tunnel = snapshot.tunnels[*sender];
  if (error.is_too_big() && tunnel.mtu_by_path) {
    result.endpoint_mtu = path_mtu(error);
    if (!result.endpoint_mtu) return result;
  }
  result.plausible = true;
  result.tunnel = *sender;
  if (error.type == icmpv4_type::kUnreachable) result.unreachable = error.destination;
  result.answer = answer_to(error, snapshot, tunnel.mtu, result.endpoint_mtu);
  if (!result.endpoint_mtu) result.event = event_of(error, now);
  return result;
}

std::optional<std::string> Errors::event_of(const TunnelError& error, TimePoint now) {
  if (now < quiet_until_) {
    ++unsaid_;
    return std::nullopt;
  }
  quiet_until_ = now + std::chrono::minutes(1);
  std::string text = fmt::format("{} {}, says {} (ICMP type {}, code {})", error.destination.to_string(),
                                 meaning_of(error), error.reporter.to_string(), error.type, error.code);
  if (const uint64_t before = std::exchange(unsaid_, 0); before != 0)
    text += fmt::format("; {} other errors before", before);
  return text;
}

}  // namespace gate41::path
