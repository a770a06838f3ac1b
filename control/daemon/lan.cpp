#include "control/daemon/lan.hpp"

#include <algorithm>
#include <sys/epoll.h>

#include "control/daemon/ways.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/net/parse.hpp"

namespace gate41 {
namespace {

// The packet path does without the kernel's copy: its failure is told, no more.
void report(const Result<void>& result) {
  if (!result) log_warning("{}", result.error().message);
}

}  // namespace

Lan::Lan(Platform& platform, NextHops& next_hops, Place place, LanEngines engines)
    : platform_(platform),
      next_hops_(next_hops),
      place_(std::move(place)),
      engines_(std::move(engines)),
      nd_(engines_.nd),
      ra_(engines_.ra.get()) {}

Lan::~Lan() {
  nd_.flush();
  pump(now());
  if (tap_) platform_.loop.unwatch(tap_->fd());
}

Result<void> Lan::open() {
  auto tap = loop::Tap::create(
      {.name = interface(), .mac = place_.link.mac, .mtu = place_.link.mtu, .family = loop::TapFamily::ipv6});
  if (!tap) return tl::unexpected(tap.error());
  tap_ = std::move(*tap);
  platform_.loop.watch(tap_->fd(), EPOLLIN, [this](uint32_t) { on_tap_readable(); });
  return {};
}

void Lan::start(TimePoint now) {
  own_.push_back(engines_.link_local);
  engines_.start(now);
  pump(now);
}

void Lan::stop(const config::OnStop& how, TimePoint now) {
  if (ra_) ra_->stop(how.final_ras, how.deprecate, now);
  pump(now);
}

bool Lan::stopped() const { return !ra_ || ra_->state() == ra::State::stopped; }

void Lan::update(const config::Lan& advertise, uint16_t tunnel_mtu, TimePoint now) {
  engines_.update(advertise, tunnel_mtu, now);
  pump(now);
}

// The old address goes and the new one comes in one step (P13).
void Lan::renumber(const Content& content, TimePoint now) {
  std::vector<Ipv6Prefix> wanted;
  for (const Prefix& prefix : content.prefixes) wanted.push_back(prefix.prefix);
  if (wanted == prefixes_) return;
  const auto stays = [](const std::vector<Ipv6Prefix>& prefixes, const Ipv6Address& address) {
    return std::ranges::any_of(prefixes, [&](const Ipv6Prefix& prefix) { return prefix.contains(address); });
  };
  for (const Ipv6Address& address : std::vector(own_))
    if (address != engines_.link_local && !stays(wanted, address)) remove_own(address, now);
  const std::vector<Ipv6Prefix> before = std::exchange(prefixes_, wanted);
  changed_ = true;
  for (const Ipv6Prefix& prefix : wanted) {
    if (stays(before, prefix.address)) continue;
    add_own(prefix::lan_address(prefix), false, now);
    add_own(prefix.address, true, now);  // subnet-router anycast (H39)
  }
  pump(now);
}

void Lan::advertise(const Content& content, TimePoint now) {
  if (!ra_ || content == advertised_) return;
  advertised_ = content;
  ra::Content advertised;
  for (const Prefix& prefix : content.prefixes)
    advertised.prefixes.push_back({prefix.prefix, prefix.valid_until});
  advertised.routes = content.routes;
  advertised.default_router = content.default_router;
  ra_->set_content(advertised, now);
  pump(now);
}

void Lan::set_static(const Ipv6Address& address, uint8_t length, TimePoint now) {
  prefixes_ = {Ipv6Prefix::of(address, length)};
  add_own(address, false, now);
  changed_ = true;
  pump(now);
}

void Lan::watch_router(const Ipv6Address& router, TimePoint now) {
  router_ = router;
  nd_.watch(router, now);
  pump(now);
}

void Lan::on_router(const Ipv6Address& neighbour, bool answers) {
  if (neighbour != router_ || answers == router_answers_) return;
  router_answers_ = answers;
  changed_ = true;
}

void Lan::add_stale(const Ipv6Prefix& prefix, TimePoint until, TimePoint now) {
  if (ra_) ra_->add_stale({prefix, until}, now);
  pump(now);
}

void Lan::add_own(const Ipv6Address& address, bool anycast, TimePoint now) {
  own_.push_back(address);
  nd_.add_address(address, anycast, now);
}

void Lan::remove_own(const Ipv6Address& address, TimePoint now) {
  const bool in_kernel = nd_.is_ready(address) && address.low() != 0;
  std::erase(own_, address);
  duplicates_.erase(address);
  nd_.remove_address(address, now);
  if (in_kernel && tap_)
    report(platform_.network.remove_ipv6_address(tap_->name(), address, length_at(address)));
}

// Link-local and LAN addresses are /64; the native side's has the length of its subnet.
uint8_t Lan::length_at(const Ipv6Address& address) const {
  const auto subnet =
      std::ranges::find_if(prefixes_, [&](const Ipv6Prefix& p) { return p.contains(address); });
  return subnet == prefixes_.end() ? 64 : subnet->length;
}

void Lan::on_frame(Bytes frame, TimePoint now) {
  engines_.on_frame(frame, now);
  pump(now);
}

void Lan::on_unresolved(const Ipv6Address& next_hop, rte_mbuf* packet, TimePoint now) {
  nd_.on_packet(next_hop, packet, now);
  pump(now);
}

void Lan::on_used(const std::vector<Ipv6Address>& neighbours, TimePoint now) {
  nd_.on_used(neighbours, now);
  pump(now);
}

void Lan::on_timer(TimePoint now) {
  engines_.on_timer(now);
  pump(now);
}

void Lan::pump(TimePoint now) {
  for (const nd::Output& output : engines_.take_outputs(now)) handle(output, now);
}

void Lan::handle(const nd::Output& output, TimePoint now) {
  Dataplane& dataplane = platform_.dataplane;
  if (const auto* send = std::get_if<nd::SendFrame>(&output)) {
    dataplane.inject_frame(place_.link_index, send->frame);
  } else if (const auto* usable = std::get_if<nd::NeighbourUsable>(&output)) {
    next_hops_.set(key(usable->address), lan_way(place_.link, place_.link_index, usable->mac));
    on_router(usable->address, true);
  } else if (const auto* gone = std::get_if<nd::NeighbourGone>(&output)) {
    next_hops_.erase(key(gone->address));
    on_router(gone->address, false);
  } else if (const auto* resume = std::get_if<nd::Resume>(&output)) {
    dataplane.inject_resumed(static_cast<rte_mbuf*>(resume->packet));
  } else if (const auto* discard = std::get_if<nd::Discard>(&output)) {
    auto* mbuf = static_cast<rte_mbuf*>(discard->packet);
    if (discard->address_unreachable)
      dataplane.inject_failed(mbuf);
    else
      dataplane.inject_crowded(mbuf);
  } else if (const auto* ready = std::get_if<nd::AddressReady>(&output)) {
    on_address_ready(ready->address);
  } else if (const auto* duplicate = std::get_if<nd::AddressDuplicate>(&output)) {
    on_duplicate(*duplicate);
  } else if (const auto* event = std::get_if<nd::Event>(&output)) {
    platform_.events.add(now, place_.name + ": " + event->text);
  }
}

void Lan::on_address_ready(const Ipv6Address& address) {
  changed_ = true;
  duplicates_.erase(address);
  // The kernel's programs use it too; anycast ones it would refuse as an own source.
  if (tap_ && address.low() != 0)
    report(platform_.network.add_ipv6_address(tap_->name(), address, length_at(address)));
}

// It was never in use: only the engine had it, which also tells of it.
void Lan::on_duplicate(const nd::AddressDuplicate& duplicate) {
  changed_ = true;
  duplicates_[duplicate.address] = duplicate.other;
}

LanState Lan::state() const {
  LanState state;
  state.link_local = engines_.link_local;
  state.prefixes = prefixes_;
  std::ranges::copy_if(own_, std::back_inserter(state.addresses),
                       [&](const Ipv6Address& address) { return nd_.is_ready(address); });
  return state;
}

std::vector<Ipv6Address> Lan::tentative() const {
  std::vector<Ipv6Address> tentative;
  std::ranges::copy_if(own_, std::back_inserter(tentative), [&](const Ipv6Address& address) {
    return !nd_.is_ready(address) && !duplicates_.contains(address);
  });
  return tentative;
}

NeighbourKey Lan::key(const Ipv6Address& address) const { return {address, place_.index, {}}; }

void Lan::on_host_packet(Bytes ipv6) {
  if (!tap_) return;
  std::vector<uint8_t> frame(14 + ipv6.size());
  Writer writer(frame);
  writer.write(place_.link.mac);
  writer.write(place_.link.mac);
  writer.u16(ether_type::kIpv6);
  writer.bytes(ipv6);
  tap_->write(frame);
}

void Lan::on_tap_readable() {
  std::array<uint8_t, 2048> buffer{};
  for (int budget = 64; budget > 0; --budget) {
    const auto frame = tap_->read(buffer);
    if (!frame) return;
    inject_from_kernel(*frame);
  }
}

// ND belongs to the engine: what the kernel says of it goes nowhere.
void Lan::inject_from_kernel(Bytes frame) {
  const ParsedPacket parsed = parse_frame(frame);
  if (!parsed.ok() || parsed.layer3 != Layer3::ipv6 || is_link_scope(parsed)) return;
  if (parsed.v6.destination.is_multicast()) return;
  platform_.dataplane.inject_routed(frame.subspan(parsed.v6.offset, parsed.v6.total_length()));
}

}  // namespace gate41
