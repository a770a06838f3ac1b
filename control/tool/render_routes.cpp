// Routes: the table, or the one that a destination takes.
#include <fmt/core.h>

#include "control/tool/render.hpp"

namespace gate41::tool {
namespace {

std::vector<std::string> route_row(const Json& route) {
  return {text(route, "prefix"), given(route, "from") ? text(route, "from") : "", text(route, "way"),
          given(route, "next_hop") ? text(route, "next_hop") : "", text(route, "by")};
}

std::string native_line(const Json& native, std::string_view offered) {
  std::string lines = fmt::format("{} native routes by {} next hops (at most {}){}\n", text(native, "count"),
                                  text(native, "next_hops"), text(native, "max"),
                                  flag(native, "complete") ? "" : ", not all that the kernel has");
  if (number(native, "refused") > 0) lines += fmt::format("{} were refused\n", text(native, "refused"));
  return lines +
         (offered.empty() ? "nothing may be announced\n" : fmt::format("{} may be announced\n", offered));
}

}  // namespace

std::string render_routes(const Json& answer, const Style&) {
  Table table({"PREFIX", "FROM", "WAY", "NEXT HOP", "BY"});
  for (const Json& route : list(answer, "routes")) table.add(route_row(route));
  if (given(answer, "destination"))
    return list(answer, "routes").empty() ? "no route to " + text(answer, "destination") + '\n'
                                          : table.take();
  const Json& native = at(answer, "native");
  if (!native.is_object()) return table.take();
  return table.take() + native_line(native, given(answer, "offered") ? text(answer, "offered") : "");
}

}  // namespace gate41::tool
