#include "control/tool/flows.hpp"

#include "control/tool/console.hpp"
#include "control/tool/exit_codes.hpp"
#include "control/tool/render.hpp"

namespace gate41::tool {
namespace {

constexpr std::size_t kRowsAtOnce = 512;

Json request_of(const Options& options, const std::string& command) {
  Json request = options.selection;
  request["command"] = command;
  return request;
}

// Counts and talkers are one value.
int run_summary(Client& client, const Options& options, const Json& request) {
  return finish(client.ask(request, -1, [&](const Json& value) {
    if (options.json) return print_json(value);
    print(request["show"] == "count" ? render_flow_counts(value) : render_talkers(value));
  }));
}

int run_rows(Client& client, const Options& options, const Json& request) {
  Table table = flow_table();
  std::size_t shown = 0;
  const Ending ending = client.ask(request, -1, [&](const Json& row) {
    ++shown;
    if (options.json) return print_json(row);
    table.add(flow_row(row));
    if (table.size() >= kRowsAtOnce) print(table.take());
  });
  if (!options.json) print(table.take() + std::to_string(shown) + (shown == 1 ? " flow\n" : " flows\n"));
  return finish(ending);
}

int run_delete(Client& client, const Options& options) {
  return finish(client.ask(request_of(options, "flows_delete"), -1, [&](const Json& value) {
    if (options.json) return print_json(value);
    const double deleted = number(value, "deleted");
    print(text(value, "deleted") + (deleted == 1 ? " flow" : " flows") + " deleted\n");
  }));
}

}  // namespace

int run_flows(Client& client, const Options& options) {
  if (options.action == "delete") return run_delete(client, options);
  const Json request = request_of(options, "flows");
  return request.contains("show") ? run_summary(client, options, request)
                                  : run_rows(client, options, request);
}

}  // namespace gate41::tool
