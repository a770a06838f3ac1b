// Daemon: the control thread's whole: it owns the parts (WAN, LANs, tunnels, discovery of the external
// address), gives them time, and makes of what they know one consistent state: prefix, LANs, tunnel, snapshot
// (the prefix transaction: M25, P13, U28). Control thread only.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "control/address/discovery.hpp"
#include "control/daemon/brokers.hpp"
#include "control/daemon/clock.hpp"
#include "control/daemon/drop_history.hpp"
#include "control/daemon/fetcher.hpp"
#include "control/daemon/flow_watch.hpp"
#include "control/daemon/id_watch.hpp"
#include "control/daemon/lan.hpp"
#include "control/daemon/native_routes.hpp"
#include "control/daemon/next_hops.hpp"
#include "control/daemon/opened_pinholes.hpp"
#include "control/daemon/pings.hpp"
#include "control/daemon/platform.hpp"
#include "control/daemon/rates.hpp"
#include "control/daemon/site_watch.hpp"
#include "control/daemon/syslog_sender.hpp"
#include "control/daemon/traces.hpp"
#include "control/daemon/tunnel_end.hpp"
#include "control/daemon/wan.hpp"
#include "control/loop/notify.hpp"
#include "control/loop/route_offer.hpp"
#include "control/path/errors.hpp"
#include "control/prefix/history.hpp"

namespace gate41 {

class Daemon {
 public:
  // With `ports: auto`: why found ports are what they are, and what has begun on the LAN's.
  struct Found {
    std::string told;
    std::optional<LanEngines> lan;
  };
  // `config_path`: read again at a reload.
  Daemon(config::Config config, std::string config_path, Found found, Platform platform);
  ~Daemon();
  Daemon(const Daemon&) = delete;
  Daemon& operator=(const Daemon&) = delete;

  // TAPs, the first snapshot, workers. Afterwards nothing can fail for want of a device or permission.
  Result<void> open();
  // The filter is active from here on (S45); engines start.
  void start(TimePoint now);
  // What is due: timers, then the transaction. Called at every turn of the loop.
  void on_turn(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_deadline(TimePoint now) const;
  // All or nothing; flows are kept. What was changed, or why it is refused.
  Result<std::vector<std::string>> reload(TimePoint now);
  // For filter.inbound's kind of rule at run time (daemon_pinholes.cpp): the id, or why not.
  Result<uint32_t> open_pinhole(OpenedPinholes::Wanted wanted, TimePoint now);
  Result<void> close_pinhole(uint32_t id, TimePoint now);
  // Final RAs; done when stopped().
  void stop(TimePoint now);
  [[nodiscard]] bool stopped() const;

  // For the operator's view.
  [[nodiscard]] const config::Config& config() const { return config_; }
  [[nodiscard]] Dataplane& dataplane() { return platform_.dataplane; }
  [[nodiscard]] Pings& pings() { return pings_; }
  [[nodiscard]] Traces& traces() { return traces_; }
  [[nodiscard]] const OpenedPinholes& pinholes() const { return pinholes_; }
  // Something that an operator has done.
  void note(std::string text) { platform_.events.add(gate41::now(), std::move(text)); }
  [[nodiscard]] const Events& events() const { return platform_.events; }
  [[nodiscard]] const loop::StateStore& store() const { return platform_.store; }
  [[nodiscard]] const Wan& wan() const { return *wan_; }
  [[nodiscard]] const std::vector<std::unique_ptr<Lan>>& lans() const { return lans_; }
  [[nodiscard]] const address::Discovery& discovery() const { return discovery_; }
  [[nodiscard]] const Brokers& brokers() const { return brokers_; }
  // Null where the machine's clock is left alone.
  [[nodiscard]] const Clock* clock() const { return clock_.get(); }
  [[nodiscard]] const SyslogSender& syslog() const { return syslog_; }
  // As configured, like site().tunnels.
  [[nodiscard]] const std::vector<std::unique_ptr<TunnelEnd>>& tunnels() const { return tunnels_; }
  [[nodiscard]] const SiteState& site() const { return site_; }
  [[nodiscard]] const prefix::History& history() const { return history_; }
  [[nodiscard]] const Rates& rates() const { return rates_; }
  [[nodiscard]] const std::vector<DeviceInfo>& devices() const { return devices_; }
  [[nodiscard]] const std::vector<Link>& links() const { return links_; }
  // Empty: they are configured.
  [[nodiscard]] const std::string& ports_told() const { return found_.told; }
  [[nodiscard]] uint16_t tunnel_mtu(std::size_t tunnel) const {
    return gate41::tunnel_mtu(config_.tunnels[tunnel], site_.wan_mtu);
  }
  // How many paths are known to carry less than the WAN; none where the tunnel's MTU is static.
  [[nodiscard]] std::optional<std::size_t> narrow_paths(std::size_t tunnel) const {
    if (!config_.tunnels[tunnel].mtu_auto) return std::nullopt;
    return platform_.dataplane.path_mtus().size();
  }
  // Takes what workers have sampled since; drops() has it then.
  void collect_drops() {
    platform_.dataplane.take_drops([this](const DropSample& sample) { drops_.add(sample); });
  }
  [[nodiscard]] const DropHistory& drops() const { return drops_; }
  [[nodiscard]] bool behind_nat() const { return behind_nat_; }
  // Null in the gateway role.
  [[nodiscard]] const NativeRoutes* native_routes() const { return native_routes_.get(); }
  [[nodiscard]] const loop::RouteOffer* offer() const { return offer_.get(); }
  [[nodiscard]] TimePoint started() const { return started_; }
  [[nodiscard]] bool is_gateway() const { return config_.role == config::Role::gateway; }

 private:
  static constexpr const char* kStoredPrefixes = "prefixes";  // names in the state folder
  static constexpr const char* kStoredPinholes = "pinholes";

  Result<void> make_parts();
  // daemon_relay.cpp
  Result<void> make_relay_parts();
  void settle_offer(TimePoint now);
  void renew_offer(TimePoint now);
  void withdraw_offer(TimePoint now, const std::string& why);
  // daemon_pinholes.cpp
  void load_pinholes();
  void expire_pinholes(TimePoint now);
  void follow_pinholes();
  void update_lans(TimePoint now);
  void warn_of_short_timers(TimePoint now);
  void adopt(config::Config wanted, TimePoint now);
  [[nodiscard]] Lan* lan_on(uint16_t link);
  void make_lans();
  // `advertise`: null on the native side of a relay.
  void make_lan(const std::string& name, const std::string& port, const config::Lan* advertise);
  [[nodiscard]] LanEngines engines_on(const Link& link, const config::Lan* advertise);
  void on_exceptions();
  void on_exception(rte_mbuf* mbuf, const MbufMeta& meta, TimePoint now);
  void on_host_v6(Bytes ipv6, TimePoint now);
  void on_tunnel_nd(std::size_t tunnel, Bytes ipv6, TimePoint now);
  void on_icmpv4_error(Bytes frame, TimePoint now);
  void on_wan_neighbour(Ipv4Address hop, std::optional<MacAddress> mac);
  void give_time(TimePoint now);
  void housekeeping(TimePoint now);
  void watch_flows(const CounterTotals& totals, TimePoint now);
  void tell_service_manager(TimePoint now);
  void follow_links(const std::vector<DeviceInfo>& before, TimePoint now);
  void pass_used_neighbours(TimePoint now);

  // The transaction, in this order (daemon_transaction.cpp).
  void settle(TimePoint now);
  void settle_wan(TimePoint now);
  void take_offer(std::optional<dhcp::SixRd> offer, TimePoint now);
  void settle_mtu(TimePoint now);
  void settle_external(TimePoint now);
  void settle_brokers(TimePoint now);
  void settle_prefixes(TimePoint now);
  [[nodiscard]] std::vector<Ipv6Prefix> delegated() const;
  void tell_of_lans_without_room(TimePoint now);
  void settle_health(TimePoint now);
  [[nodiscard]] std::optional<relay::Settings> wanted_health(std::size_t tunnel) const;
  void settle_keepalive(TimePoint now);
  void send_due();
  void send_probe(std::size_t tunnel, const relay::SendPacket& probe);
  // To the named endpoint, wherever the packet's own addresses lead.
  void send_to_end(std::size_t tunnel, Ipv4Address end, Bytes ipv6);
  void settle_ways(TimePoint now);
  void settle_snapshot();
  [[nodiscard]] bool awaits_first_verdict(TimePoint now) const;
  void advertise(TimePoint now);
  void withdraw(const std::vector<Ipv6Prefix>& old, TimePoint now);
  void follow_history(TimePoint now);
  void save_history();
  void reach_sites(Ipv4Address hop, const MacAddress& mac);
  // "NAME: " where there are several tunnels.
  [[nodiscard]] std::string label(std::size_t tunnel) const;
  void publish();
  [[nodiscard]] Lan::Content content_of(std::size_t lan) const;

  config::Config config_;
  std::string config_path_;
  Found found_;
  Platform platform_;
  loop::Notifier notifier_;
  NextHops next_hops_;
  std::vector<DeviceInfo> devices_;
  std::vector<Link> links_;
  std::unique_ptr<Wan> wan_;
  std::vector<std::unique_ptr<Lan>> lans_;
  std::vector<std::unique_ptr<TunnelEnd>> tunnels_;
  std::unique_ptr<NativeRoutes> native_routes_;
  std::unique_ptr<loop::RouteOffer> offer_;
  address::Discovery discovery_;
  Fetcher fetcher_;
  Brokers brokers_;
  std::unique_ptr<Clock> clock_;
  SyslogSender syslog_{Wan::kInterface, lines_of_supervisor()};
  Pings pings_;
  Traces traces_;
  std::string service_status_;  // as last told
  prefix::History history_;
  OpenedPinholes pinholes_;
  Rates rates_;
  DropHistory drops_;
  IdWatch id_watch_;
  SiteWatch site_watch_;
  FlowWatch flow_watch_;
  path::Errors path_errors_;

  SiteState site_;
  bool behind_nat_ = false;
  bool snapshot_due_ = false;
  bool ways_due_ = false;
  bool offer_due_ = false;
  bool stopping_ = false;
  TimePoint drained_at_{};  // a relay that stops serves until then
  TimePoint started_{};
  TimePoint housekeeping_at_{};
  TimePoint first_verdict_by_{};  // hosts hear of the prefix then, whatever is known of the relay
};

}  // namespace gate41
