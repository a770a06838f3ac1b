#include "control/tool/render.hpp"

#include <array>
#include <fmt/core.h>

namespace gate41::tool {
namespace {

struct Renderer {
  std::string_view command;
  std::string (*render)(const Json&, const Style&);
};

constexpr std::array kRenderers = {
    Renderer{"status", render_status},   Renderer{"health", render_health},
    Renderer{"doctor", render_doctor},   Renderer{"counters", render_counters},
    Renderer{"drops", render_drops},     Renderer{"neighbours", render_neighbours},
    Renderer{"tunnels", render_tunnels}, Renderer{"dhcp", render_dhcp},
    Renderer{"ra", render_ra},           Renderer{"ports", render_ports},
    Renderer{"routes", render_routes},   Renderer{"reload", render_reload},
    Renderer{"version", render_version},
};

}  // namespace

std::string sentence(const Json& object) {
  return text(object, given(object, "sentence") ? "sentence" : "state");
}

std::string mark(bool ok, const Style& style) {
  return ok ? " " : coloured("!", style.colour ? Colour::red : Colour::none);
}

std::string labelled(std::string_view label, std::string_view text) {
  return fmt::format("{:<11}  {}\n", label, text);
}

std::string span(const Json& object, std::string_view key) {
  return at(object, key).is_number() ? time_span(number(object, key)) : "-";
}

std::string tunnel_mtu(const Json& object) {
  std::string line = text(object, "mtu") + " bytes";
  if (text(object, "mtu_mode") != "auto") return line;
  const double narrow = number(object, "narrow_paths");
  return line + fmt::format(", less on {:.0f} path{}", narrow, narrow == 1 ? "" : "s");
}

std::string milliseconds(const Json& object, std::string_view key) {
  return at(object, key).is_number() ? fmt::format("{:.1f} ms", number(object, key)) : "-";
}

std::string render(std::string_view command, const Json& value, const Style& style) {
  for (const Renderer& renderer : kRenderers)
    if (renderer.command == command) return renderer.render(value, style);
  return value.dump(-1, ' ', true, Json::error_handler_t::replace) + '\n';
}

}  // namespace gate41::tool
