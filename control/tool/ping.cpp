#include "control/tool/ping.hpp"

#include <cstdio>

#include "control/tool/console.hpp"
#include "control/tool/exit_codes.hpp"
#include "control/tool/render.hpp"

namespace gate41::tool {
namespace {

Json request_of(const Options& options) {
  Json request = {
      {"command", options.command}, {"destination", options.destination}, {"count", options.count}};
  if (!options.source.empty()) request["source"] = options.source;
  if (options.command == "ping")
    request.update({{"interval", options.interval}, {"size", options.size}});
  else
    request["max_hops"] = options.max_hops;
  return request;
}

bool is_answered(const Json& row) {
  const std::string event = text(row, "event");
  return event == "end" ? flag(row, "reached") : event == "statistics" && number(row, "received") > 0;
}

}  // namespace

int run_ping(Client& client, const Options& options) {
  end_on_interrupt(client);
  bool answered = false;
  const auto on_row = [&](const Json& row) {
    answered = answered || is_answered(row);
    if (options.json)
      print_json(row);
    else
      print(options.command == "ping" ? render_ping(row) : render_trace(row));
    std::fflush(stdout);  // line by line, also into a pipe
  };
  const Ending ending = client.ask(request_of(options), -1, on_row, Patience::endless);
  if (ending.exit_code != kOk) return finish(ending);
  return answered ? kOk : kRefused;
}

}  // namespace gate41::tool
