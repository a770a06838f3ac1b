// Pinholes: a line each.
#include "control/tool/render.hpp"

namespace gate41::tool {

std::string render_pinholes(const Json& pinholes) {
  if (pinholes.empty()) return "no pinholes: nothing comes in that the LANs have not asked for\n";
  Table table({">ID", "PROTO", "LAN", "HOST", "PORT", "FROM", ">LEFT", "LEADS TO", "COMMENT"});
  for (const Json& hole : pinholes)
    table.add({given(hole, "id") ? text(hole, "id") : "config", text(hole, "proto"), text(hole, "lan"),
               text(hole, given(hole, "address") ? "address" : "interface_id"), text(hole, "port"),
               given(hole, "from") ? text(hole, "from") : "any", span(hole, "left"), joined(hole, "leads_to"),
               given(hole, "comment") ? text(hole, "comment") : ""});
  return table.take();
}

}  // namespace gate41::tool
