// The daemon's answers as text for people: JSON in, lines out. Pure functions; view.hpp has the JSON's
// shapes.
#pragma once

#include <string>
#include <string_view>

#include "control/tool/fields.hpp"
#include "control/tool/text.hpp"

namespace gate41::tool {

struct Style {
  bool colour = false;
  bool all = false;  // counters: also those at 0
};

// `value`: the one value that answers `command` (any but flows, capture, ping and traceroute).
std::string render(std::string_view command, const Json& value, const Style& style);

std::string render_status(const Json& status, const Style& style);
std::string render_health(const Json& health, const Style& style);
std::string render_doctor(const Json& checks, const Style& style);
std::string render_counters(const Json& counters, const Style& style);
std::string render_drops(const Json& drops, const Style& style);
std::string render_neighbours(const Json& neighbours, const Style& style);
std::string render_tunnels(const Json& tunnels, const Style& style);
std::string render_dhcp(const Json& dhcp, const Style& style);
std::string render_ra(const Json& lans, const Style& style);
std::string render_ports(const Json& ports, const Style& style);
std::string render_routes(const Json& routes, const Style& style);
std::string render_reload(const Json& answer, const Style& style);
std::string render_version(const Json& version, const Style& style);  // the daemon's line

// A row as it comes: its lines, or nothing for one that an older tool does not know.
std::string render_ping(const Json& row);
std::string render_trace(const Json& row);

Table flow_table();
std::vector<std::string> flow_row(const Json& flow);
std::string render_flow_counts(const Json& value);
std::string render_talkers(const Json& value);
std::string render_pinholes(const Json& pinholes);
std::string render_packet_trace(const Json& row);

// What the renderers share.
std::string sentence(const Json& object);       // what a thing says of itself, else the name of its state
std::string mark(bool ok, const Style& style);  // " " or "!"
std::string labelled(std::string_view label, std::string_view text);  // a line of the left column's width
std::string span(const Json& object, std::string_view key);           // seconds as time_span(), or "-"
// Of a status or a tunnel: "1280 bytes", "1480 bytes, less on 3 paths".
std::string tunnel_mtu(const Json& object);
std::string milliseconds(const Json& object, std::string_view key);  // "12.3 ms", or "-"

}  // namespace gate41::tool
