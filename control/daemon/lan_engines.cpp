#include "control/daemon/lan_engines.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

#include "dataplane/net/headers.hpp"
#include "dataplane/net/parse.hpp"

namespace gate41 {
namespace {

Ipv6Address link_local_of(const MacAddress& mac) {
  return Ipv6Address::from_halves(0xfe80ULL << 48U, eui64_interface_id(mac));  // H31
}

nd::Settings discovery_settings(const MacAddress& mac, const config::Lan* lan) {
  nd::Settings settings;
  settings.mac = mac;
  if (lan != nullptr) settings.lladdr_source = static_cast<nd::LladdrSource>(lan->lladdr_source);
  return settings;
}

ra::Settings advertiser_settings(const LanEngines::Port& port, const config::Lan& lan, uint16_t tunnel_mtu) {
  ra::Settings settings;
  settings.mac = port.mac;
  settings.link_local = link_local_of(port.mac);
  settings.preference = static_cast<ra::Preference>(lan.preference);
  settings.when_others = static_cast<ra::WhenOthers>(lan.when_others);
  settings.default_route = lan.default_route;
  settings.mtu = tunnel_mtu;
  settings.link_mtu = port.mtu;
  settings.rdnss = lan.rdnss;
  settings.dnssl = lan.dnssl;
  return settings;
}

}  // namespace

LanEngines::LanEngines(const Port& of, const config::Lan* advertise, uint16_t tunnel_mtu, uint64_t seed)
    : port(of), link_local(link_local_of(of.mac)), nd(discovery_settings(of.mac, advertise), seed) {
  if (advertise != nullptr)
    ra = std::make_unique<ra::Advertiser>(advertiser_settings(of, *advertise, tunnel_mtu), ~seed);
}

void LanEngines::start(TimePoint now) {
  nd.add_address(link_local, false, now);
  if (ra && ra->state() == ra::State::stopped) ra->start(now);
}

void LanEngines::update(const config::Lan& advertise, uint16_t tunnel_mtu, TimePoint now) {
  nd.set_lladdr_source(static_cast<nd::LladdrSource>(advertise.lladdr_source));
  if (ra) ra->update_settings(advertiser_settings(port, advertise, tunnel_mtu), now);
}

void LanEngines::on_frame(Bytes frame, TimePoint now) {
  nd.on_frame(frame, now);
  if (ra) ra->on_frame(frame, now);
}

void LanEngines::on_timer(TimePoint now) {
  nd.on_timer(now);
  if (!ra) return;
  ra->set_address_ready(nd.is_ready(link_local));
  ra->on_timer(now);
}

std::optional<TimePoint> LanEngines::next_deadline() const {
  const auto discovery = nd.next_deadline();
  const auto advertisement = ra ? ra->next_deadline() : std::nullopt;
  if (!discovery || !advertisement) return discovery ? discovery : advertisement;
  return std::min(*discovery, *advertisement);
}

void LanEngines::pass_on(ra::Output output, TimePoint now) {
  if (auto* send = std::get_if<ra::SendFrame>(&output))
    outputs_.emplace_back(nd::SendFrame{std::move(send->frame)});
  else if (const auto* solicited = std::get_if<ra::SolicitedBy>(&output))
    nd.on_router_solicitation(solicited->source, solicited->sllao, solicited->ether_source, now);
  else if (const auto* other = std::get_if<ra::OtherRouter>(&output))
    outputs_.emplace_back(
        nd::Event{fmt::format("other router {}: {}", other->address.to_string(), other->difference)});
}

void LanEngines::collect(TimePoint now) {
  if (ra)
    for (ra::Output& output : ra->take_outputs()) pass_on(std::move(output), now);
  for (nd::Output& output : nd.take_outputs()) outputs_.push_back(std::move(output));
}

std::vector<nd::Output> LanEngines::take_outputs(TimePoint now) {
  collect(now);
  return std::exchange(outputs_, {});
}

std::vector<std::vector<uint8_t>> LanEngines::take_frames(TimePoint now) {
  collect(now);
  std::vector<std::vector<uint8_t>> frames;
  for (nd::Output& output : outputs_)
    if (auto* send = std::get_if<nd::SendFrame>(&output)) frames.push_back(std::move(send->frame));
  std::erase_if(outputs_,
                [](const nd::Output& output) { return std::holds_alternative<nd::SendFrame>(output); });
  return frames;
}

bool is_link_scope(const ParsedPacket& parsed) {
  const uint8_t type = parsed.l4.icmp_type;
  const bool mld = (type >= 130 && type <= 132) || type == icmpv6_type::kMldv2Report;
  const bool nd = type >= icmpv6_type::kRouterSolicitation && type <= icmpv6_type::kRedirect;
  return parsed.l4.present && parsed.l4.protocol == ip_proto::kIcmpv6 && (mld || nd);
}

}  // namespace gate41
