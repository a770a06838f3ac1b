// Health on one screen: status, health, doctor.
#include <algorithm>
#include <fmt/core.h>

#include "control/tool/render.hpp"

namespace gate41::tool {
namespace {

std::string verdict(bool healthy, const Style& style) {
  if (healthy) return coloured("healthy", style.colour ? Colour::green : Colour::none);
  return coloured("NOT HEALTHY", style.colour ? Colour::red : Colour::none);
}

std::string states(const Json& status, const Style& style) {
  std::string lines;
  for (const Json& state : list(status, "states"))
    lines += fmt::format("{} {:<12}  {}\n", mark(flag(state, "ok"), style), text(state, "component"),
                         sentence(state));
  return lines;
}

std::string wan(const Json& status) {
  const Json& wan = at(status, "wan");
  std::string line = fmt::format("{} on port {}, gateway {}, external {}", text(wan, "address"),
                                 text(wan, "port"), text(wan, "gateway"), text(wan, "external"));
  if (flag(wan, "behind_nat")) line += ", behind NAT";
  if (given(wan, "dns")) line += ", DNS " + joined(wan, "dns");
  return labelled("WAN", line);
}

std::string relay(const Json& relay) {
  if (!given(relay, "address")) return "";
  return fmt::format(
      "; relay {} {}", text(relay, "address"),
      flag(relay, "alive") ? "answers in " + milliseconds(relay, "rtt_ms") : std::string("does not answer"));
}

std::string tunnels(const Json& status) {
  std::string lines;
  for (const Json& tunnel : list(status, "tunnels")) {
    std::string line = text(tunnel, "mode");
    if (given(tunnel, "prefix")) line += ", " + text(tunnel, "prefix");
    line += fmt::format(", MTU {}{}", tunnel_mtu(tunnel), relay(at(tunnel, "relay")));
    lines += labelled("Tunnel " + text(tunnel, "name"), line);
  }
  for (const Json& old : list(status, "withdrawn"))
    lines += labelled("", fmt::format("{} withdrawn, {} left", text(old, "prefix"), span(old, "left")));
  return lines;
}

std::string lans(const Json& status) {
  std::string lines;
  for (const Json& lan : list(status, "lans")) {
    lines += labelled("LAN " + text(lan, "name"),
                      fmt::format("{}, neighbours: {}", joined(lan, "prefixes"), text(lan, "neighbours")));
    if (given(lan, "ra")) lines += labelled("", text(lan, "ra"));
  }
  return lines;
}

std::string rates(const Json& status) {
  Table table({"", "", ">", ">", "", ">", ">"}, 13);
  for (const Json& port : list(status, "rates"))
    table.add({text(port, "port"), "in", scaled(number(port, "rx_bps"), "bit/s"),
               scaled(number(port, "rx_pps"), "packet/s"), "out", scaled(number(port, "tx_bps"), "bit/s"),
               scaled(number(port, "tx_pps"), "packet/s")});
  std::string lines = table.take();
  if (!lines.empty()) lines.replace(0, 5, "Rates");  // in the indent of the first line
  return lines;
}

std::string events(const Json& status) {
  Table table({">", ""}, 2);
  for (const Json& event : list(status, "events"))
    table.add({span(event, "ago") + " ago", text(event, "text")});
  return table.size() == 0 ? "" : "\nLast events\n" + table.take();
}

}  // namespace

std::string render_status(const Json& status, const Style& style) {
  std::string lines =
      fmt::format("gate41 {}, {} `{}`, up {}: {}\n\n", text(status, "version"), text(status, "role"),
                  text(status, "instance"), span(status, "uptime"), verdict(flag(status, "healthy"), style));
  lines += states(status, style) + '\n';
  lines += wan(status) + tunnels(status) + lans(status) + rates(status);
  if (const Json& flows = at(status, "flows"); number(flows, "max") > 0)
    lines += labelled("Flows", fmt::format("{} of at most {} ({})", text(flows, "current"),
                                           text(flows, "max"), binary_size(number(flows, "bytes"))));
  lines += labelled("Drops", text(status, "drops") + " packets since the start (gate41 counters)");
  if (given(status, "lab_allow"))
    lines += labelled("Lab only", "usable by lab_allow_prefixes: " + joined(status, "lab_allow"));
  return lines + events(status);
}

std::string render_health(const Json& health, const Style& style) {
  std::string lines = verdict(flag(health, "healthy"), style) + '\n';
  for (const Json& reason : list(health, "reasons"))
    lines += mark(false, style) + ' ' + text_of(reason) + '\n';
  return lines;
}

std::string render_doctor(const Json& checks, const Style& style) {
  std::size_t width = 0;
  for (const Json& check : checks) width = std::max(width, text(check, "check").size());
  std::string lines;
  std::size_t failed = 0;
  for (const Json& check : checks) {
    const bool ok = flag(check, "ok");
    failed += ok ? 0 : 1;
    lines +=
        fmt::format("{} {:<{}}  {}\n", mark(ok, style), text(check, "check"), width, text(check, "sentence"));
    if (!ok && given(check, "remedy"))
      lines += fmt::format("  {:<{}}  remedy: {}\n", "", width, text(check, "remedy"));
  }
  return lines + fmt::format("\n{} of {} checks failed\n", failed, checks.size());
}

}  // namespace gate41::tool
