#include "control/daemon/operator_view.hpp"

#include <algorithm>

#include <rte_version.h>

#include "control/daemon/build_info.hpp"
#include "control/daemon/ping_source.hpp"

namespace gate41 {
namespace {

using op::Json;

Json text_or_null(const std::optional<Ipv4Address>& address) {
  return address ? Json(address->to_string()) : Json();
}

std::string hex(const std::vector<uint8_t>& bytes) {
  std::string text;
  for (const uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

// Null: it was never confirmed.
Json age_of(const nd::NeighbourInfo& neighbour, TimePoint now) {
  if (neighbour.last_confirmed == TimePoint{}) return {};
  return std::chrono::duration_cast<std::chrono::seconds>(now - neighbour.last_confirmed).count();
}

Json lan_neighbours(const Lan& lan, TimePoint now) {
  Json rows = Json::array();
  for (const nd::NeighbourInfo& neighbour : lan.discovery().neighbours()) {
    rows.push_back({{"lan", lan.place().name},
                    {"address", neighbour.address.to_string()},
                    {"mac", neighbour.mac.is_zero() ? "" : neighbour.mac.to_string()},
                    {"state", nd::name_of(neighbour.state)},
                    {"router", neighbour.is_router},
                    {"lladdr_mismatch", neighbour.lladdr_mismatch},
                    {"age", age_of(neighbour, now)}});
  }
  return rows;
}

// Option 212: its bytes, and what they say or what is wrong with them.
Json six_rd_json(const dhcp::Lease& lease, const std::string& ignored) {
  if (lease.six_rd_bytes.empty() && lease.six_rd_ignored.empty()) return {};
  Json json = {{"option", hex(lease.six_rd_bytes)}};
  if (!lease.six_rd) {
    json["ignored"] = lease.six_rd_ignored;
    return json;
  }
  json["prefix"] = lease.six_rd->prefix.to_string();
  json["ipv4_mask_len"] = lease.six_rd->ipv4_mask_len;
  for (const Ipv4Address relay : lease.six_rd->border_relays)
    json["border_relays"].push_back(relay.to_string());
  if (!ignored.empty()) json["ignored"] = ignored;
  return json;
}

Json lease_json(const dhcp::Lease& lease, const SiteState& site, TimePoint now) {
  Json dns = Json::array();
  for (const Ipv4Address server : lease.dns) dns.push_back(server.to_string());
  return {{"address", lease.address.to_string()},
          {"prefix_length", lease.prefix_length},
          {"router", text_or_null(lease.router)},
          {"server", lease.server.to_string()},
          {"dns", dns},
          {"mtu", lease.mtu ? Json(*lease.mtu) : Json()},
          {"renew_in", seconds_until(lease.renew_at, now)},
          {"rebind_in", seconds_until(lease.rebind_at, now)},
          {"expires_in", seconds_until(lease.expires, now)},
          {"options", hex(lease.options)},
          {"six_rd", six_rd_json(lease, site.offer_ignored)}};
}

Json lan_advertisements(const Lan& lan, TimePoint now) {
  const ra::Advertiser& advertiser = *lan.advertiser();
  Json others = Json::array();
  for (const ra::OtherRouterInfo& other : advertiser.other_routers()) {
    Json prefixes = Json::array();
    for (const Ipv6Prefix& prefix : other.prefixes) prefixes.push_back(prefix.to_string());
    others.push_back({{"address", other.address.to_string()},
                      {"mac", other.mac.to_string()},
                      {"default", other.is_default},
                      {"prefixes", prefixes}});
  }
  Json stale = Json::array();
  for (const ra::StalePrefix& prefix : advertiser.stale())
    stale.push_back({{"prefix", prefix.prefix.to_string()}, {"left", seconds_until(prefix.until, now)}});
  return {{"lan", lan.place().name},
          {"state", ra::name_of(advertiser.state())},
          {"sentence", advertiser.sentence(lan.place().name, now)},
          {"sent", advertiser.sent()},
          {"ra", advertiser.describe(now)},
          {"others", others},
          {"stale", stale}};
}

Json exceptions_json(const CounterTotals& totals) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < kExceptionClasses; ++i)
    rows.push_back({{"class", name_of(static_cast<ExceptionClass>(i))},
                    {"packets", totals.exceptions[i]},
                    {"policed", totals.policed[i]}});
  return rows;
}

Json drops_json(const CounterTotals& totals) {
  Json rows = Json::array();
  for (std::size_t i = 0; i < kDropReasonCount; ++i)
    rows.push_back({{"reason", kDropReasons[i].name},
                    {"sentence", kDropReasons[i].sentence},
                    {"rows", kDropReasons[i].rows},
                    {"count", totals.drops[i]}});
  return rows;
}

// Some of the paths that carry less than the WAN does: an operator wants to see a few, not thousands.
Json paths_json(Daemon& daemon, std::size_t tunnel) {
  constexpr std::size_t kShown = 20;
  Json rows = Json::array();
  if (!daemon.narrow_paths(tunnel)) return rows;
  const TimePoint now = gate41::now();
  for (const PathMtuTable::Entry& path : daemon.dataplane().path_mtus().list(kShown))
    rows.push_back({{"endpoint", path.endpoint.to_string()},
                    {"mtu", path.mtu},
                    {"left", seconds_until(path.forgotten_at, now)}});
  return rows;
}

Json keepalive_json(const Daemon& daemon, std::size_t tunnel) {
  const auto& wanted = daemon.config().tunnels[tunnel].keepalive;
  if (!wanted) return {};
  Json targets = Json::array();
  for (const keepalive::TargetInfo& target : daemon.tunnels()[tunnel]->keepalive().targets())
    targets.push_back(
        {{"address", target.address.to_string()}, {"sent", target.sent}, {"suppressed", target.suppressed}});
  return {{"interval", wanted->interval.count()}, {"targets", targets}};
}

// What its workers do now.
IdleMode idle_mode(const DeviceInfo& device, const CounterTotals& totals) {
  return totals.gave_up_waiting > 0 ? std::min(device.idle, IdleMode::nap) : device.idle;
}

}  // namespace

Json seconds_until(TimePoint when, TimePoint now) {
  if (when == TimePoint::max()) return {};
  return std::chrono::duration_cast<std::chrono::seconds>(when - now).count();
}

Json OperatorView::neighbours() {
  const TimePoint now = gate41::now();
  Json rows = Json::array();
  for (const auto& lan : daemon_.lans())
    for (Json& row : lan_neighbours(*lan, now)) rows.push_back(std::move(row));
  for (const WanNeighbours::Info& neighbour : daemon_.wan().neighbours().list())
    rows.push_back({{"lan", "wan"},
                    {"address", neighbour.address.to_string()},
                    {"mac", neighbour.mac ? neighbour.mac->to_string() : ""},
                    {"state", neighbour.mac ? "reachable" : "incomplete"},
                    {"router", false},
                    {"lladdr_mismatch", false},
                    {"age", Json()}});
  return rows;
}

Json OperatorView::workers_json() {
  Json workers = Json::array();
  for (unsigned worker = 0; worker < daemon_.dataplane().workers(); ++worker) {
    const CounterTotals t = daemon_.dataplane().counters_of(worker);
    workers.push_back({{"worker", worker},
                       {"rx", t.rx},
                       {"handed_out", t.handed_out},
                       {"handed_in", t.handed_in},
                       {"tx", t.tx},
                       {"dropped", t.dropped},
                       {"flows", t.flows_current},
                       {"busy", t.cycles_busy},
                       {"idle", t.cycles_idle},
                       {"nap", t.cycles_nap}});
  }
  return workers;
}

Json OperatorView::counters() {
  const CounterTotals t = daemon_.dataplane().counters();
  return {
      {"conserved", t.conserved()},
      {"totals",
       {{"rx", t.rx},
        {"injected", t.injected},
        {"created", t.created},
        {"handed_in", t.handed_in},
        {"tx", t.tx},
        {"punted", t.punted},
        {"dropped", t.dropped},
        {"reassembled_away", t.reassembled_away},
        {"handed_out", t.handed_out},
        {"held", t.held}}},
      {"drops", drops_json(t)},
      {"exceptions", exceptions_json(t)},
      {"icmp",
       {{"sent", t.icmp_errors_sent}, {"limited", t.icmp_errors_limited}, {"echo_replies", t.echo_replies}}},
      {"flows",
       {{"created", t.flows_created},
        {"expired", t.flows_expired},
        {"evicted", t.flows_evicted},
        {"refused", t.flows_refused},
        {"current", t.flows_current},
        {"max", daemon_.dataplane().max_flows()},
        {"bytes", daemon_.dataplane().flow_memory()}}},
      {"workers",
       {{"busy", t.cycles_busy}, {"idle", t.cycles_idle}, {"nap", t.cycles_nap}, {"each", workers_json()}}}};
}

Json OperatorView::tunnel_json(std::size_t index) {
  const CounterTotals::Tunnel t = daemon_.dataplane().counters().tunnels[index];
  const TunnelPlan& plan = daemon_.site().tunnels[index].plan;
  Json relays = Json::array();
  for (const relay::RelayInfo& relay : daemon_.tunnels()[index]->health().relays())
    relays.push_back({{"address", relay.address.to_string()},
                      {"alive", relay.state == relay::State::alive},
                      {"state", relay::name_of(relay.state)},
                      {"misses", relay.misses},
                      {"rtt_ms", relay.rtt ? Json(static_cast<double>(relay.rtt->count()) / 1000) : Json()}});
  const auto address = [](Ipv4Address a) { return a.is_unspecified() ? Json() : Json(a.to_string()); };
  const bool has_link = plan.kind == TunnelKind::six_in_four && !plan.local.is_unspecified();
  return {{"name", daemon_.config().tunnels[index].name},
          {"mode", name_of(plan.kind)},
          {"up", plan.up()},
          {"missing", plan.missing},
          {"local", address(plan.local)},
          {"external", plan.up() ? address(plan.external) : Json()},
          {"link_local", has_link ? Json(tunnel_link_local(plan.local).to_string()) : Json()},
          {"prefix", plan.delegation ? Json(plan.delegation->prefix.to_string()) : Json()},
          {"mtu", daemon_.tunnel_mtu(index)},
          {"mtu_mode", daemon_.narrow_paths(index) ? "auto" : "static"},
          {"narrow_paths", daemon_.narrow_paths(index).value_or(0)},
          {"paths", paths_json(daemon_, index)},
          {"relays", relays},
          {"keepalive", keepalive_json(daemon_, index)},
          {"encap_packets", t.encap_packets},
          {"encap_relayed", t.encap_relayed},
          {"decap_packets", t.decap_packets},
          {"encap_bytes", t.encap_bytes},
          {"decap_bytes", t.decap_bytes},
          {"ecn_marked", t.ecn_marked},
          {"other_relay", t.other_relay},
          {"fragmented", t.fragmented},
          {"fast_ids", t.fast_ids},
          {"fast_site", address(Ipv4Address(Be32(t.fast_site)))}};
}

Json OperatorView::tunnels() {
  Json tunnels = Json::array();
  for (std::size_t i = 0; i < daemon_.tunnels().size(); ++i) tunnels.push_back(tunnel_json(i));
  return tunnels;
}

Json OperatorView::dhcp() {
  const TimePoint now = gate41::now();
  const dhcp::Client* client = daemon_.wan().dhcp();
  if (client == nullptr)
    return {{"state", "off"}, {"sentence", "the WAN's address is configured"}, {"lease", Json()}};
  return {{"state", dhcp::name_of(client->state())},
          {"sentence", client->sentence(daemon_.config().wan.port, now)},
          {"lease", client->lease() ? lease_json(*client->lease(), daemon_.site(), now) : Json()}};
}

Json OperatorView::ra() {
  const TimePoint now = gate41::now();
  Json rows = Json::array();
  for (const auto& lan : daemon_.lans())
    if (lan->advertiser() != nullptr) rows.push_back(lan_advertisements(*lan, now));
  return rows;
}

Json OperatorView::ports() {
  const CounterTotals totals = daemon_.dataplane().counters();
  Json rows = Json::array();
  for (std::size_t i = 0; i < daemon_.links().size(); ++i) {
    const Link& link = daemon_.links()[i];
    const auto device = std::ranges::find(daemon_.devices(), link.device, &DeviceInfo::port_id);
    if (device == daemon_.devices().end()) continue;
    rows.push_back({{"name", link.name},
                    {"device", device->device},
                    {"driver", device->driver},
                    {"mac", link.mac.to_string()},
                    {"mtu", link.mtu},
                    {"link", device->link_up ? "up" : "down"},
                    {"vlan", link.vlan},
                    {"rx_path", device->rx_path},
                    {"idle", to_string(idle_mode(*device, totals))},
                    {"rx_packets", totals.links[i].rx_packets},
                    {"tx_packets", totals.links[i].tx_packets},
                    {"rx_bytes", totals.links[i].rx_bytes},
                    {"tx_bytes", totals.links[i].tx_bytes},
                    {"rx_missed", device->rx_missed},
                    {"rx_errors", device->rx_errors},
                    {"tx_errors", device->tx_errors}});
  }
  return rows;
}

Json OperatorView::version() {
  return {{"version", kVersion}, {"dpdk", rte_version()}, {"compiler", kCompiler}, {"build", kBuildType}};
}

Json OperatorView::configuration() { return {{"text", daemon_.config().text}}; }

Result<uint64_t> OperatorView::start_ping(const op::PingRequest& request,
                                          std::function<void(const Json&)> row, std::function<void()> done) {
  const auto source = source_towards(request.destination, request.source, daemon_.config(), daemon_.site(),
                                     daemon_.dataplane().snapshot());
  if (!source) return tl::unexpected(source.error());
  return daemon_.pings().start(request, *source, {std::move(row), std::move(done)});
}

Result<std::vector<std::string>> OperatorView::reload() { return daemon_.reload(gate41::now()); }

Result<void> OperatorView::start_capture(int fd, bool drops_only, uint64_t max_packets) {
  if (!daemon_.dataplane().start_capture(fd, drops_only, max_packets))
    return fail("a capture is running already; end it first");
  return {};
}

}  // namespace gate41
