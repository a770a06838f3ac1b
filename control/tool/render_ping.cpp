// Rows of a ping and of a traceroute, as they come (operator/view.hpp).
#include <fmt/core.h>

#include "control/tool/render.hpp"

namespace gate41::tool {
namespace {

// 2, 4-6
std::string ranges(const Json& numbers) {
  std::string out;
  for (std::size_t i = 0; i < numbers.size();) {
    std::size_t last = i;
    while (last + 1 < numbers.size() && numbers[last + 1] == numbers[last].get<int>() + 1) ++last;
    out += (out.empty() ? "" : ", ") + text_of(numbers[i]);
    if (last > i) out += "-" + text_of(numbers[last]);
    i = last + 1;
  }
  return out;
}

std::string counted(const Json& row, std::string_view key, std::string_view one, std::string_view many) {
  const double count = number(row, key);
  return count > 0 ? fmt::format(", {:.0f} {}", count, count == 1 ? one : many) : "";
}

std::string answer_line(const Json& row) {
  return fmt::format("{} bytes from {}: seq={} hop limit={} time={}{}\n", text(row, "bytes"),
                     text(row, "from"), text(row, "seq"), text(row, "hop_limit"),
                     milliseconds(row, "time_ms"), flag(row, "duplicate") ? " (duplicate)" : "");
}

std::string dropped_line(const Json& row, std::string_view which) {
  return fmt::format("{}={} not sent: {}{} [{}]\n", which, text(row, which), text(row, "sentence"),
                     given(row, "mtu") ? ", mtu " + text(row, "mtu") : "", text(row, "reason"));
}

std::string statistics(const Json& row) {
  std::string lines;
  if (const std::string missing = ranges(list(row, "no_answer")); !missing.empty())
    lines += fmt::format("no answer: seq {}\n", missing);
  lines += fmt::format("{} sent, {} received, {:.0f} % lost{}{}{}\n", text(row, "sent"),
                       text(row, "received"), number(row, "lost"), counted(row, "errors", "error", "errors"),
                       counted(row, "dropped", "dropped here", "dropped here"),
                       counted(row, "duplicates", "duplicate", "duplicates"));
  if (given(row, "avg_ms"))
    lines += fmt::format("round trip: least {}, average {}, most {}\n", milliseconds(row, "min_ms"),
                         milliseconds(row, "avg_ms"), milliseconds(row, "max_ms"));
  return lines;
}

// The address once for all answers that follow each other from it.
std::string hop_line(const Json& row) {
  std::string line = fmt::format("{:>2}", text(row, "hop"));
  std::string from;
  for (const Json& probe : list(row, "probes")) {
    if (!probe.is_object()) {
      line += "  *";
      continue;
    }
    if (text(probe, "from") != from) line += "  " + (from = text(probe, "from"));
    line += "  " + milliseconds(probe, "time_ms");
    if (given(probe, "sentence")) line += fmt::format(" ({})", text(probe, "sentence"));
  }
  return line + '\n';
}

}  // namespace

std::string render_ping(const Json& row) {
  const std::string event = text(row, "event");
  if (event == "start")
    return fmt::format("ping {} from {}, {} bytes of data\n", text(row, "destination"), text(row, "source"),
                       text(row, "size"));
  if (event == "answer") return answer_line(row);
  if (event == "error")
    return fmt::format("from {}: seq={} {}\n", text(row, "from"), text(row, "seq"), text(row, "sentence"));
  if (event == "dropped") return dropped_line(row, "seq");
  return event == "statistics" ? statistics(row) : "";
}

std::string render_trace(const Json& row) {
  const std::string event = text(row, "event");
  if (event == "start")
    return fmt::format("traceroute to {} from {}, at most {} hops\n", text(row, "destination"),
                       text(row, "source"), text(row, "max_hops"));
  if (event == "hop") return hop_line(row);
  if (event == "dropped") return dropped_line(row, "hop");
  return event == "end" ? text(row, "sentence") + '\n' : "";
}

}  // namespace gate41::tool
