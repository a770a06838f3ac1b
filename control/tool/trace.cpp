#include "control/tool/trace.hpp"

#include <cstdio>

#include "control/tool/console.hpp"
#include "control/tool/exit_codes.hpp"
#include "control/tool/render.hpp"

namespace gate41::tool {

int run_packet_trace(Client& client, const Options& options) {
  end_on_interrupt(client);
  Json request = options.selection;
  request["command"] = "trace";
  std::size_t seen = 0;
  const Ending ending = client.ask(
      request, -1,
      [&](const Json& row) {
        ++seen;
        if (options.json)
          print_json(row);
        else
          print(render_packet_trace(row));
        std::fflush(stdout);  // packet by packet, also into a pipe
      },
      Patience::endless);
  if (ending.exit_code != kOk) return finish(ending);
  if (!options.json) print(std::to_string(seen) + (seen == 1 ? " packet\n" : " packets\n"));
  return seen > 0 ? kOk : kRefused;
}

}  // namespace gate41::tool
