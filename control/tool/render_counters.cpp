#include <fmt/core.h>

#include "control/tool/render.hpp"

namespace gate41::tool {
namespace {

std::string with_title(std::string_view title, Table& table) {
  return table.size() == 0 ? "" : fmt::format("\n{}\n{}", title, table.take());
}

// Every member of an object of numbers, in the daemon's order of names.
std::string numbers(std::string_view title, const Json& object) {
  Table table({"", ">"}, 2);
  if (object.is_object())
    for (const auto& [name, value] : object.items()) table.add({printable(name), text_of(value)});
  return with_title(title, table);
}

std::string drops(const Json& counters, bool all) {
  Table table({">", "", "", ""}, 2);
  for (const Json& drop : list(counters, "drops")) {
    if (!all && number(drop, "count") == 0) continue;
    const std::string rows = given(drop, "rows") ? "[" + text(drop, "rows") + "]" : "";
    table.add({text(drop, "count"), text(drop, "reason"), text(drop, "sentence"), rows});
  }
  return with_title("Drops", table);
}

std::string exceptions(const Json& counters, bool all) {
  Table table({"CLASS", ">PACKETS", ">OVER ITS RATE"}, 2);
  for (const Json& e : list(counters, "exceptions"))
    if (all || number(e, "packets") > 0 || number(e, "policed") > 0)
      table.add({text(e, "class"), text(e, "packets"), text(e, "policed")});
  return with_title("Exceptions (to the control thread and the kernel)", table);
}

// What came by its own queues, what it passed to the owners of the packets' flows, and got from others.
std::string each_worker(const Json& workers) {
  Table table({"WORKER", ">RX", ">HANDED OUT", ">HANDED IN", ">TX", ">DROPPED", ">FLOWS", ">BUSY"}, 2);
  for (const Json& w : list(workers, "each")) {
    const double all = number(w, "busy") + number(w, "idle") + number(w, "nap");
    table.add({text(w, "worker"), text(w, "rx"), text(w, "handed_out"), text(w, "handed_in"), text(w, "tx"),
               text(w, "dropped"), text(w, "flows"), percent(number(w, "busy"), all)});
  }
  return table.size() > 1 ? table.take() : "";
}

std::string workers(const Json& counters) {
  const Json& cycles = at(counters, "workers");
  if (!cycles.is_object()) return "";
  const double busy = number(cycles, "busy");
  const double idle = number(cycles, "idle");
  const double nap = number(cycles, "nap");
  const double all = busy + idle + nap;
  return fmt::format("\nWorkers\n  busy {}, idle {}, asleep {}\n", percent(busy, all), percent(idle, all),
                     percent(nap, all)) +
         each_worker(cycles);
}

}  // namespace

std::string render_counters(const Json& counters, const Style& style) {
  std::string lines =
      flag(counters, "conserved")
          ? "  Every packet is accounted for.\n"
          : mark(false, style) + " Packets are not all accounted for (in transit, or a fault).\n";
  lines += numbers("Packets", at(counters, "totals")) + drops(counters, style.all) +
           exceptions(counters, style.all);
  lines += numbers("ICMPv6 errors", at(counters, "icmp")) + numbers("Flows", at(counters, "flows")) +
           workers(counters);
  return lines;
}

}  // namespace gate41::tool
