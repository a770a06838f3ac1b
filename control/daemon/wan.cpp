#include "control/daemon/wan.hpp"

#include <algorithm>
#include <sstream>
#include <sys/epoll.h>

#include "control/daemon/client_id.hpp"
#include "control/daemon/settings.hpp"
#include "control/daemon/udp_frame.hpp"
#include "control/loop/udp_sender.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/net/parse.hpp"

namespace gate41 {
namespace {

constexpr const char* kStoredLease = "lease";
constexpr Duration kStaticRetry = std::chrono::seconds(60);

std::optional<dhcp::StoredLease> stored_lease(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  std::istringstream words(*text);
  std::string address;
  std::string server;
  dhcp::StoredLease lease;
  if (!(words >> address >> server >> lease.expires_at)) return std::nullopt;
  const auto parsed_address = Ipv4Address::parse(address);
  const auto parsed_server = Ipv4Address::parse(server);
  if (!parsed_address || !parsed_server) return std::nullopt;
  if (lease.expires_at != 0 && lease.expires_at <= wall_clock()) return std::nullopt;
  lease.address = *parsed_address;
  lease.server = *parsed_server;
  return lease;
}

Wan::Address address_of(const dhcp::Lease& lease) {
  return {.address = lease.address,
          .prefix_length = lease.prefix_length,
          .gateway = lease.router,
          .routes = lease.routes,
          .dns = lease.dns,
          .time_servers = lease.time_servers,
          .mtu = lease.mtu,
          .six_rd = lease.six_rd,
          .valid_until = lease.expires};
}

Wan::Address address_of(const config::StaticIpv4& wanted) {
  return {.address = wanted.address,
          .prefix_length = wanted.subnet.length,
          .gateway = wanted.gateway,
          .routes = {},
          .dns = wanted.dns,
          .time_servers = {},
          .mtu = std::nullopt,
          .six_rd = std::nullopt};
}

bool same_but_for_time(Wan::Address a, const Wan::Address& b) {
  a.valid_until = b.valid_until;
  return a == b;
}

// The kernel's part is for management traffic: its failure is told, no more.
void report(const Result<void>& result) {
  if (!result) log_warning("{}: {}", Wan::kInterface, result.error().message);
}

}  // namespace

Wan::Wan(Platform& platform, const config::Config& config, uint16_t link_index, const Link& link,
         WanNeighbours::OnChange on_neighbour)
    : platform_(platform),
      config_(config),
      link_index_(link_index),
      link_(link),
      acd_(link.mac, config.wan.alias_mac, random_seed()),
      neighbours_(platform, kInterface, std::move(on_neighbour)) {}

Wan::~Wan() {
  neighbours_.clear();
  if (tap_) platform_.loop.unwatch(tap_->fd());
  platform_.loop.unwatch(platform_.network.monitor_fd());
}

Result<void> Wan::open() {
  auto tap = loop::Tap::create(
      {.name = kInterface, .mac = link_.mac, .mtu = link_.mtu, .family = loop::TapFamily::ipv4});
  if (!tap) return tl::unexpected(tap.error());
  tap_ = std::move(*tap);
  platform_.loop.watch(tap_->fd(), EPOLLIN, [this](uint32_t) { on_tap_readable(); });
  platform_.loop.watch(platform_.network.monitor_fd(), EPOLLIN,
                       [this](uint32_t) { on_neighbours_readable(); });
  return {};
}

void Wan::start(TimePoint now) {
  if (config_.wan.static_ipv4)
    offer(address_of(*config_.wan.static_ipv4), now);
  else
    start_dhcp(now);
  pump(now);
}

void Wan::start_dhcp(TimePoint now) {
  auto settings =
      dhcp_settings(config_.wan, link_.mac, client_id(config_.wan.dhcp_client_id, platform_.store));
  dhcp_ = std::make_unique<dhcp::Client>(std::move(settings), random_seed());
  dhcp_->start(now, stored_lease(platform_.store.load(kStoredLease)));
}

void Wan::stop(bool release, TimePoint now) {
  if (dhcp_) dhcp_->stop(now, release);
  pump(now);
  if (tap_) on_tap_readable();  // the RELEASE, which the kernel sends: nobody waits for it
}

void Wan::on_link_up(TimePoint now) {
  if (dhcp_) dhcp_->on_resume(now);
  pump(now);
}

void Wan::on_arp(Bytes frame, TimePoint now) {
  to_kernel(frame);
  Reader reader(frame);
  reader.skip(sizeof(EthernetHeader));
  const auto packet = reader.read<ArpPacket>();
  if (reader.failed()) return;
  acd_.on_arp(packet, now);
  pump(now);
}

void Wan::on_dhcp(Bytes frame, TimePoint now) {
  if (!dhcp_) return;
  const auto payload = udp_payload(frame);
  if (!payload) return;
  dhcp_->on_packet(*payload, now);
  pump(now);
}

void Wan::to_kernel(Bytes frame) {
  if (tap_) tap_->write(frame);
}

void Wan::on_timer(TimePoint now) {
  if (dhcp_) dhcp_->on_timer(now);
  acd_.on_timer(now);
  neighbours_.on_timer(now);
  if (retry_static_at_ && now >= *retry_static_at_) {
    retry_static_at_.reset();
    offer(address_of(*config_.wan.static_ipv4), now);
  }
  pump(now);
}

std::optional<TimePoint> Wan::next_deadline() const {
  std::optional<TimePoint> next;
  for (const auto& deadline : {dhcp_ ? dhcp_->next_deadline() : std::nullopt, acd_.next_deadline(),
                               neighbours_.next_deadline(), retry_static_at_})
    if (deadline && (!next || *deadline < *next)) next = deadline;
  return next;
}

// What one engine says can move the other: round until both are silent.
void Wan::pump(TimePoint now) {
  pump_dhcp(now);
  pump_acd(now);
  pump_dhcp(now);
}

void Wan::pump_dhcp(TimePoint now) {
  if (!dhcp_) return;
  for (const dhcp::Output& output : dhcp_->take_outputs()) {
    if (const auto* message = std::get_if<dhcp::SendMessage>(&output)) {
      send(*message);
    } else if (const auto* gained = std::get_if<dhcp::LeaseGained>(&output)) {
      platform_.events.add(now, fmt::format("wan: lease of {} from {}", gained->lease.address.to_string(),
                                            gained->lease.server.to_string()));
      offer(address_of(gained->lease), now);
      save_lease(gained->lease, now);
    } else if (const auto* updated = std::get_if<dhcp::LeaseUpdated>(&output)) {
      refresh(updated->lease, now);
    } else if (const auto* lost = std::get_if<dhcp::LeaseLost>(&output)) {
      drop(lost->reason, now);
    }
  }
}

void Wan::pump_acd(TimePoint now) {
  for (const acd::Output& output : acd_.take_outputs()) {
    if (const auto* arp = std::get_if<acd::SendArp>(&output))
      platform_.dataplane.inject_frame(link_index_, arp_frame(arp->packet, link_.mac));
    else if (std::holds_alternative<acd::AddressFree>(output))
      use(now);
    else if (const auto* conflict = std::get_if<acd::AddressConflict>(&output))
      on_conflict(conflict->other, now);
  }
}

void Wan::send(const dhcp::SendMessage& message) {
  const bool broadcast = message.destination == Ipv4Address::of(255, 255, 255, 255);
  if (broadcast) {
    platform_.dataplane.inject_frame(link_index_,
                                     broadcast_udp_frame(message.payload, message.source, link_.mac));
    return;
  }
  const auto sent = loop::send_udp(
      {.ifname = kInterface, .source = message.source, .destination = message.destination}, message.payload);
  if (!sent) log_info("wan: renewal not sent: {}", sent.error().message);
}

void Wan::offer(Address address, TimePoint now) {
  const bool same = address_ && address_->address == address.address;
  if (address_ && !same) drop("another address was assigned", now);
  offered_ = std::move(address);
  if (same) return use(now);
  acd_.start(offered_->address, config_.wan.static_ipv4.has_value(), now);
  if (!config_.wan.acd_strict) use(now);
}

// Nothing is touched that stays as it is: most renewals only bring more time.
void Wan::use(TimePoint now) {
  if (!offered_ || offered_ == address_) return;
  const auto before = std::exchange(address_, offered_);
  changed_ = true;
  if (!before || !same_but_for_time(*before, *address_)) apply_to_kernel();
  if (!before) platform_.events.add(now, "wan: using " + address_->address.to_string());
}

void Wan::refresh(const dhcp::Lease& lease, TimePoint now) {
  if (!offered_ || offered_->address != lease.address)
    offer(address_of(lease), now);
  else
    offered_ = address_of(lease);
  if (address_) use(now);
  save_lease(lease, now);
}

// The conflict stays on record until another address is tried.
void Wan::drop(const std::string& reason, TimePoint now) {
  if (acd_.state() != acd::State::conflict) acd_.stop();
  offered_.reset();
  if (!address_) return;
  platform_.events.add(now,
                       fmt::format("wan: {} is no longer used: {}", address_->address.to_string(), reason));
  address_.reset();
  changed_ = true;
  neighbours_.clear();
  platform_.network.clear_ipv4(kInterface);
}

void Wan::on_conflict(const MacAddress& other, TimePoint now) {
  if (!address_ && offered_)
    platform_.events.warn(
        now, fmt::format("wan: {} is in use by {}", offered_->address.to_string(), other.to_string()));
  drop("it is in use by " + other.to_string(), now);
  if (dhcp_)
    dhcp_->on_conflict(now);
  else
    retry_static_at_ = now + kStaticRetry;
}

void Wan::apply_to_kernel() {
  loop::HostNetwork& network = platform_.network;
  report(network.set_ipv4_address(kInterface, address_->address, address_->prefix_length));
  neighbours_.manage_again();
  report(network.set_mtu(kInterface, std::min(address_->mtu.value_or(link_.mtu), link_.mtu)));
  // A relay's other own addresses: the kernel answers ARP for them.
  if (config_.relay && config_.relay->unicast && *config_.relay->unicast != address_->address)
    report(network.add_ipv4_address(kInterface, *config_.relay->unicast, 32));
  apply_routes();
}

void Wan::apply_routes() {
  loop::HostNetwork& network = platform_.network;
  report(network.clear_routes());
  for (const dhcp::Route& route : address_->routes)
    report(network.add_route(kInterface, route.destination, route.gateway));
  if (address_->gateway) report(network.set_default_route(kInterface, *address_->gateway, address_->address));
}

void Wan::save_lease(const dhcp::Lease& lease, TimePoint now) {
  const bool infinite = lease.expires == TimePoint::max();
  const auto left = std::chrono::duration_cast<std::chrono::seconds>(lease.expires - now).count();
  platform_.store.save(kStoredLease,
                       fmt::format("{} {} {}\n", lease.address.to_string(), lease.server.to_string(),
                                   infinite ? 0 : wall_clock() + left));
}

void Wan::on_tap_readable() {
  std::array<uint8_t, 2048> buffer{};
  for (int budget = 64; budget > 0; --budget) {
    const auto frame = tap_->read(buffer);
    if (!frame) return;
    const ParsedPacket parsed = parse_frame(*frame);
    if (!parsed.ok()) continue;
    if (parsed.layer3 == Layer3::arp) platform_.dataplane.inject_frame(link_index_, *frame);
    if (parsed.layer3 == Layer3::ipv4) platform_.dataplane.inject_host_v4(link_index_, *frame);
  }
}

void Wan::on_neighbours_readable() {
  for (const loop::Neighbour& neighbour : platform_.network.read_neighbour_changes())
    if (neighbour.ifname == kInterface) neighbours_.on_kernel(neighbour.address, neighbour.mac);
}

}  // namespace gate41
