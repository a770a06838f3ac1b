// The sampled log of drops: a line a packet.
#include <fmt/core.h>

#include "control/tool/render.hpp"

namespace gate41::tool {
namespace {

// "from 192.0.2.1 to 198.51.100.2: 2600:41::80 > 2002:b00:2:1::10 icmpv6 128", as far as it is known.
std::string packet(const Json& drop) {
  std::string line;
  const Json& v4 = at(drop, "ipv4");
  const Json& v6 = at(drop, "ipv6");
  if (v4.is_object()) line += fmt::format("from {} to {}", text(v4, "source"), text(v4, "destination"));
  if (v4.is_object() && v6.is_object()) line += ": ";
  if (v6.is_object()) line += fmt::format("{} > {}", text(v6, "source"), text(v6, "destination"));
  if (given(drop, "proto")) line += " " + text(drop, "proto");
  if (given(drop, "icmp_type")) line += " " + text(drop, "icmp_type");
  if (given(drop, "source_port"))
    line += fmt::format(" {} > {}", text(drop, "source_port"), text(drop, "destination_port"));
  return line.empty() ? "-" : line;
}

}  // namespace

std::string render_drops(const Json& drops, const Style&) {
  Table table({">", "", "", ""});
  for (const Json& drop : list(drops, "drops"))
    table.add({fmt::format("{:.1f} s ago", number(drop, "ago")), text(drop, "reason"), text(drop, "port"),
               packet(drop)});
  const std::string lines = table.size() == 0 ? "nothing was dropped\n" : table.take();
  const double missed = number(drops, "missed");
  return missed == 0 ? lines : lines + fmt::format("{:.0f} samples found no room\n", missed);
}

}  // namespace gate41::tool
