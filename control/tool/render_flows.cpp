// Flows: a row each; how many of which state and of which host.
#include <fmt/core.h>

#include "control/tool/render.hpp"

namespace gate41::tool {
namespace {

std::string host_lines(const Json& value) {
  Table table({"LAN HOST", ">FLOWS", ">BYTES"});
  for (const Json& host : list(value, "hosts"))
    table.add({text(host, "address"), text(host, "flows"), binary_size(number(host, "bytes"))});
  const Json& others = at(value, "others");
  if (number(others, "flows") > 0)
    table.add({"others", text(others, "flows"), binary_size(number(others, "bytes"))});
  return table.take();
}

}  // namespace

Table flow_table() {
  return Table(
      {"PROTO", "INTERIOR", "EXTERIOR", "STATE", ">AGE", ">EXPIRES IN", ">BYTES", ">RATE", "OUTER", "NOTES"});
}

std::vector<std::string> flow_row(const Json& flow) {
  return {text(flow, "proto"),
          text(flow, "interior"),
          text(flow, "exterior"),
          text(flow, "state"),
          span(flow, "age"),
          span(flow, "expires_in"),
          binary_size(number(flow, "bytes")),
          binary_size(number(flow, "rate")) + "/s",
          text(flow, "outer_source"),
          flag(flow, "pinhole") ? "pinhole" : ""};
}

std::string render_flow_counts(const Json& value) {
  Table states({"STATE", ">FLOWS"});
  for (const Json& state : list(value, "states")) states.add({text(state, "state"), text(state, "flows")});
  states.add({"all", text(value, "flows")});
  return states.take() + "\n" + host_lines(value);
}

std::string render_talkers(const Json& value) { return host_lines(value); }

}  // namespace gate41::tool
