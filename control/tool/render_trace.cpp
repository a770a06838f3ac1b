// A traced packet: its ends, and a line a stage.
#include <fmt/core.h>

#include "control/tool/render.hpp"

namespace gate41::tool {
namespace {

std::string ends(const Json& row) {
  std::string line =
      given(row, "source") ? text(row, "source") + " > " + text(row, "destination") : "no IP packet";
  if (given(row, "proto")) line += " " + text(row, "proto");
  if (given(row, "icmp_type")) line += " " + text(row, "icmp_type");
  if (given(row, "source_port"))
    line += fmt::format(" {} > {}", text(row, "source_port"), text(row, "destination_port"));
  return line;
}

std::string step(const Json& row) {
  const std::string verdict = text(row, "verdict");
  return labelled("  " + text(row, "stage"), (verdict == "ok" ? "" : verdict + ": ") + text(row, "sentence"));
}

}  // namespace

std::string render_packet_trace(const Json& row) {
  std::string lines = fmt::format("{}  {}\n", text(row, "packet"), ends(row));
  for (const Json& one : list(row, "steps")) lines += step(one);
  return lines;
}

}  // namespace gate41::tool
