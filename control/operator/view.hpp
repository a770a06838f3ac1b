// View: what the operator socket asks of the daemon. The daemon implements it (control/daemon); the server
// (server.hpp) turns requests into calls; the tool (control/tool) turns the JSON into text for people.
// Control thread only; no call blocks. All times are seconds as numbers unless named otherwise.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "control/operator/flows_request.hpp"
#include "control/operator/ping_request.hpp"
#include "control/operator/pinhole_request.hpp"
#include "control/operator/trace_request.hpp"
#include "dataplane/base/pace.hpp"
#include "dataplane/base/result.hpp"
#include "dataplane/net/address.hpp"

namespace gate41::op {

using Json = nlohmann::json;

// Where the rows of a long answer go. All may be called within the call that gets it or turns later, also
// when the client has gone.
struct Stream {
  std::function<void(const std::vector<Json>&)> rows;
  std::function<void()> done;  // after the last
  std::function<Pace()> pace;  // asked before more is made
};

class View {
 public:
  virtual ~View() = default;

  // {"version","instance","role","uptime","healthy":bool,
  //  "states":[{"component":"ports|dhcp|acd|gateway|address|clock|prefix|relay|tunnel|broker.TUNNEL|lan.LAN|
  //  links|native|hypervisor.wan|hypervisor.LAN|queues|filter|workers|state|syslog" (of several tunnels
  //  prefix.TUNNEL, relay.TUNNEL, tunnel.TUNNEL),"state","sentence","ok":bool}],
  //  "wan":{"port","address","gateway","external","behind_nat":bool,"dns":[]},
  //  "tunnels":[{"name","mode","prefix","mtu","mtu_mode":"static|auto","narrow_paths","relay":{"address","alive":bool,"rtt_ms"}}],
  //  "withdrawn":[{"prefix","left"}],
  //  "lans":[{"name","prefixes":[],"neighbours":N,"ra":"sentence"}],
  //  "rates":[{"port","rx_pps","tx_pps","rx_bps", "tx_bps"}], "flows":{"current","max"}, "drops":N,
  //  "lab_allow":[], "events":[{"ago","text"}]}
  virtual Json status() = 0;
  // {"healthy":bool,"reasons":["sentence", ...]}
  virtual Json health() = 0;
  // [{"lan","address","mac","state","router":bool,"lladdr_mismatch":bool,"age"}]; the WAN's IPv4 ones have
  // lan "wan"
  virtual Json neighbours() = 0;
  // {"conserved":bool,"totals":{"rx",...},"drops":[{"reason","sentence","rows","count"}],"exceptions":[{"class",
  //  "packets","policed"}],"icmp":{"sent","limited","echo_replies"},"flows":{"created","expired","evicted","refused",
  //  "current","max"},"workers":{"busy","idle","nap"
  //  (cycles),"each":[{"worker","rx","handed_out","handed_in",
  //  "tx","dropped","flows","busy","idle","nap"}]}}; all reasons are listed, also with count 0
  virtual Json counters() = 0;
  // {"drops":[{"ago","reason","port","ipv4":{"source","destination"} or null,"ipv6": the same,"proto",
  //  "icmp_type","source_port","destination_port"}], "missed":N (samples that found no room)}: samples of
  //  dropped packets, newest last, the last `most` (0: all there are) of this reason (empty: of all), or that
  //  there is none such. With protocol 41 "ipv4" is outside; null: not known
  virtual Result<Json> drops(const std::string& reason, std::size_t most) = 0;
  // [{"name","mode","up":bool,"missing","local","external","link_local" (6in4),"prefix","mtu",
  //  "mtu_mode":"static|auto","narrow_paths","paths":[{"endpoint","mtu","left"}] (the first
  //  20),"relays":[{"address","alive","misses","rtt_ms","sentence"}],
  //  "keepalive":{"interval","targets":[{"address","sent","suppressed"}]} or null (off),
  //  "encap_packets","encap_relayed" (of them, to a relay or peer),"decap_packets","encap_bytes",
  //  "decap_bytes","ecn_marked","other_relay","fragmented","fast_ids","fast_site" (the last one over
  //  relay.site_limit, or null)}]
  virtual Json tunnels() = 0;
  // {"state","sentence","lease":{"address","prefix_length","router","server","dns":[],"mtu","renew_in","rebind_in",
  //  "expires_in","options":"hex","six_rd":{"option":"hex", "prefix","ipv4_mask_len","border_relays":[] or
  //  "ignored":"sentence"} or null} or null}
  virtual Json dhcp() = 0;
  // [{"lan","state","sentence","sent","ra":["line",...],"others":[{"address","mac","default":bool,"prefixes":[]}],
  //  "stale":[{"prefix","left"}]}]
  virtual Json ra() = 0;
  // [{"name","device","driver","mac","mtu","link":"up|down","vlan","rx_path","idle":"poll|nap|interrupt",
  //  "rx_packets","tx_packets","rx_bytes","tx_bytes","rx_missed","rx_errors","tx_errors"}]
  virtual Json ports() = 0;
  // {"routes":[ROUTE, ...] (of the configuration and the first `limit` native ones),
  //  "native":{"count","max","next_hops","refused","complete":bool} or null (gateway),
  //  "offered":"PREFIX and PREFIX" or null}; with a destination: {"destination","routes":[ROUTE, ...]},
  // those with the longest prefix. ROUTE: {"prefix","from" (sources it is for; null: all),
  // "way":"on link|native|direct|relay|relay down|nowhere","next_hop","by":"LAN, or kind of tunnel"}
  virtual Json routes(const std::optional<Ipv6Address>& destination, std::size_t limit) = 0;
  // [{"check","ok":bool,"sentence","remedy"}] — every state, links, DHCP, ARP of the gateway, relay, ND
  // mismatches, ...
  virtual Json doctor() = 0;
  // {"version","dpdk","compiler","build"}
  virtual Json version() = 0;
  // {"text"}: the file that runs, as it was read
  virtual Json configuration() = 0;

  // Streams rows {"proto","interior","exterior","state","age","expires_in","bytes","rate" (bytes a second
  // since it began),"pinhole":bool,"outer_source"}: all as they are found, or those of an order at the end.
  // Ends are
  // "[address]:port", or the address alone where there are no ports. Of counts and talkers one row: {"flows",
  // "states":[{"state","flows"}],"hosts":[{"address","flows","bytes"}] (of the LANs, the largest
  // first),"others":{"flows", "bytes"}}. Or why not.
  virtual Result<void> flows(const FlowsRequest& request, Stream stream) = 0;
  // One row {"deleted":N}.
  virtual Result<void> delete_flows(const FlowsRequest& request, Stream stream) = 0;
  // [{"id" (null: of the configuration),"proto","lan","interface_id" or "address","port" and "from" where
  // they are given,"leads_to":[ADDRESS] (with the prefixes of now),"left" (null: no end),"comment"}]
  virtual Json pinholes() = 0;
  // The id, or why not.
  virtual Result<uint32_t> open_pinhole(const PinholeRequest& request) = 0;
  virtual Result<void> close_pinhole(uint32_t id) = 0;
  // Echo requests through the packet path. Streams rows (with "event"); `done` after the last one. Both are
  // called turns later, also when the client has gone. The run's number, or why it is refused.
  // ping: {"event":"start","destination","source","size"}
  //  {"event":"answer","seq","from","bytes","hop_limit","time_ms","duplicate":bool}
  //  {"event":"error","seq","from","type","code","sentence","mtu" or null} (ICMPv6)
  //  {"event":"dropped","seq","reason","sentence","mtu" or null}: by this box itself, counted so
  //  {"event":"statistics","sent","received","lost" (%),"duplicates","errors","dropped","no_answer":[SEQ,
  //  ...], "min_ms","avg_ms","max_ms" (or null)}
  // traceroute: {"event":"start","destination","source","max_hops"}
  //  {"event":"hop","hop","probes":[{"from","time_ms","sentence" of an error that ends it, or null} or null
  //  where none has come]}
  //  {"event":"dropped","hop","reason","sentence","mtu" or null}
  //  {"event":"end","reached":bool,"sentence"}
  virtual Result<uint64_t> start_ping(const PingRequest& request, std::function<void(const Json&)> row,
                                      std::function<void()> done) = 0;
  // The last row comes now; nothing for a run that has ended.
  virtual void end_ping(uint64_t run) = 0;
  // Streams a row a packet: {"packet":number,"worker","source","destination" (IPv6, else IPv4, else
  // null),"proto", "source_port","destination_port","icmp_type","length" (of the IPv6
  // packet),"steps":[{"stage","verdict":"ok|drop| to control|handed over","sentence"}],"reason"}. The run's
  // number, or why not.
  virtual Result<uint64_t> start_trace(const TraceRequest& request, Stream stream) = 0;
  // It is over now; nothing for a run that has ended.
  virtual void end_trace(uint64_t run) = 0;
  // Reloads the file: lines that say what changed, or the reason for refusal.
  virtual Result<std::vector<std::string>> reload() = 0;
  // Writes pcapng to `fd` (ownership passes) until `max_packets`, stop, or the client hangs up.
  virtual Result<void> start_capture(int fd, bool drops_only, uint64_t max_packets) = 0;
  virtual void stop_capture() = 0;
  virtual bool capturing() = 0;
  virtual uint64_t captured() = 0;
};

}  // namespace gate41::op
