// Lists and facts: neighbours, tunnels, dhcp, ra, ports, reload, version.
#include <fmt/core.h>

#include "control/tool/render.hpp"

namespace gate41::tool {
namespace {

std::string relays(const Json& tunnel, const Style& style) {
  std::string lines;
  for (const Json& relay : list(tunnel, "relays")) {
    const bool alive = flag(relay, "alive");
    lines += fmt::format("{} relay {}: {}, rtt {}, {} probes missed{}\n", mark(alive, style),
                         text(relay, "address"),
                         given(relay, "state") ? text(relay, "state")
                         : alive               ? "alive"
                                               : "dead",
                         milliseconds(relay, "rtt_ms"), text(relay, "misses"),
                         given(relay, "sentence") ? "; " + text(relay, "sentence") : "");
  }
  return lines;
}

std::string keepalives(const Json& tunnel) {
  const Json& keepalive = at(tunnel, "keepalive");
  std::string lines;
  for (const Json& target : list(keepalive, "targets"))
    lines += fmt::format("  keep-alive to {} every {}: {} sent, {} not needed\n", text(target, "address"),
                         span(keepalive, "interval"), text(target, "sent"), text(target, "suppressed"));
  return lines;
}

std::string paths(const Json& tunnel) {
  std::string lines;
  for (const Json& path : list(tunnel, "paths"))
    lines += fmt::format("  path to {} carries {} bytes of IPv4; forgotten in {}\n", text(path, "endpoint"),
                         text(path, "mtu"), span(path, "left"));
  const double unshown = number(tunnel, "narrow_paths") - static_cast<double>(list(tunnel, "paths").size());
  return unshown > 0 ? lines + fmt::format("  and {:.0f} more\n", unshown) : lines;
}

std::string packets_and_size(const Json& object, std::string_view packets, std::string_view bytes) {
  return fmt::format("{} packets, {}", text(object, packets), binary_size(number(object, bytes)));
}

std::string six_rd_lines(const Json& six_rd) {
  const std::string lines = labelled("Option 212", text(six_rd, "option"));
  if (given(six_rd, "ignored")) return lines + labelled("", text(six_rd, "ignored"));
  return lines +
         labelled("6rd", fmt::format("{}, IPv4 mask length {}, border relays {}", text(six_rd, "prefix"),
                                     text(six_rd, "ipv4_mask_len"), joined(six_rd, "border_relays")));
}

std::string lease_lines(const Json& lease) {
  std::string lines;
  lines += labelled("Address", text(lease, "address") + "/" + text(lease, "prefix_length"));
  lines += labelled("Router", text(lease, "router"));
  lines += labelled("Server", text(lease, "server"));
  lines += labelled("DNS", joined(lease, "dns"));
  if (given(lease, "mtu")) lines += labelled("MTU", text(lease, "mtu"));
  lines += labelled("Renew in", span(lease, "renew_in"));
  lines += labelled("Rebind in", span(lease, "rebind_in"));
  lines += labelled("Expires in", span(lease, "expires_in"));
  lines += labelled("Options", text(lease, "options"));
  if (const Json& six_rd = at(lease, "six_rd"); six_rd.is_object()) lines += six_rd_lines(six_rd);
  return lines;
}

std::string other_routers(const Json& lan, const Style& style) {
  std::string lines;
  for (const Json& other : list(lan, "others"))
    lines += fmt::format("{} another router: {} ({}){}, prefixes {}\n", mark(false, style),
                         text(other, "address"), text(other, "mac"),
                         flag(other, "default") ? ", a default router" : "", joined(other, "prefixes"));
  return lines;
}

}  // namespace

std::string render_neighbours(const Json& neighbours, const Style&) {
  Table table({"LAN", "ADDRESS", "MAC", "STATE", ">AGE", "NOTES"});
  for (const Json& n : neighbours) {
    std::string notes = flag(n, "router") ? "router" : "";
    if (flag(n, "lladdr_mismatch"))
      notes += std::string(notes.empty() ? "" : ", ") + "announces another MAC than it sends from";
    table.add({text(n, "lan"), text(n, "address"), text(n, "mac"), text(n, "state"), span(n, "age"), notes});
  }
  return table.take();
}

std::string render_tunnels(const Json& tunnels, const Style& style) {
  std::string lines;
  for (const Json& t : tunnels) {
    lines += fmt::format("{} {}\n", text(t, "name"), text(t, "mode"));
    if (given(t, "missing")) lines += labelled("  down", text(t, "missing"));
    const std::string on_link = given(t, "link_local") ? ", link-local " + text(t, "link_local") : "";
    lines +=
        labelled("  local", fmt::format("{}, external {}{}", text(t, "local"), text(t, "external"), on_link));
    lines += labelled("  prefix", fmt::format("{}, MTU {}", text(t, "prefix"), tunnel_mtu(t)));
    lines += labelled("  out", packets_and_size(t, "encap_packets", "encap_bytes"));
    lines += labelled("  in", packets_and_size(t, "decap_packets", "decap_bytes"));
    lines +=
        labelled("", fmt::format("{} with a congestion mark carried inwards, {} from relays not in the list",
                                 text(t, "ecn_marked"), text(t, "other_relay")));
    lines += labelled("", fmt::format("{} sent in IPv4 fragments, {} too fast for their IPv4 identifications",
                                      text(t, "fragmented"), text(t, "fast_ids")));
    if (given(t, "fast_site"))
      lines +=
          labelled("", text(t, "fast_site") + " is the last site that sent more than relay.site_limit.rate");
    lines += relays(t, style) + keepalives(t) + paths(t);
  }
  return lines;
}

std::string render_dhcp(const Json& dhcp, const Style&) {
  std::string lines = sentence(dhcp) + '\n';
  if (const Json& lease = at(dhcp, "lease"); lease.is_object()) lines += lease_lines(lease);
  return lines;
}

std::string render_ra(const Json& lans, const Style& style) {
  std::string lines;
  for (const Json& lan : lans) {
    lines += fmt::format("LAN {}: {} ({} sent)\n", text(lan, "lan"), sentence(lan), text(lan, "sent"));
    for (const Json& line : list(lan, "ra")) lines += "  " + text_of(line) + '\n';
    for (const Json& old : list(lan, "stale"))
      lines += fmt::format("  {} is being withdrawn, {} left\n", text(old, "prefix"), span(old, "left"));
    lines += other_routers(lan, style);
  }
  return lines;
}

std::string render_ports(const Json& ports, const Style&) {
  Table about({"", "PORT", "DEVICE", "DRIVER", "MAC", ">MTU", ">VLAN", "LINK", "IDLE", "RECEIVE PATH"});
  Table traffic({"PORT", ">PACKETS IN", ">SIZE IN", ">PACKETS OUT", ">SIZE OUT", ">MISSED", ">ERRORS IN",
                 ">ERRORS OUT"});
  for (const Json& p : ports) {
    about.add({text(p, "link") == "up" ? " " : "!", text(p, "name"), text(p, "device"), text(p, "driver"),
               text(p, "mac"), text(p, "mtu"), text(p, "vlan"), text(p, "link"), text(p, "idle"),
               text(p, "rx_path")});
    traffic.add({text(p, "name"), text(p, "rx_packets"), binary_size(number(p, "rx_bytes")),
                 text(p, "tx_packets"), binary_size(number(p, "tx_bytes")), text(p, "rx_missed"),
                 text(p, "rx_errors"), text(p, "tx_errors")});
  }
  return about.take() + '\n' + traffic.take();
}

std::string render_reload(const Json& answer, const Style&) {
  std::string lines;
  for (const Json& change : list(answer, "changes")) lines += text_of(change) + '\n';
  return lines.empty() ? "nothing has changed\n" : lines;
}

std::string render_version(const Json& version, const Style&) {
  return fmt::format("gate41d {} ({}, {}, {})\n", text(version, "version"), text(version, "dpdk"),
                     text(version, "compiler"), text(version, "build"));
}

}  // namespace gate41::tool
