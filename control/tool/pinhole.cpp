#include "control/tool/pinhole.hpp"

#include "control/tool/console.hpp"
#include "control/tool/render.hpp"

namespace gate41::tool {
namespace {

Json pinhole_request(const Options& options) {
  if (options.action == "list") return {{"command", "pinholes"}};
  if (options.action == "del") return {{"command", "pinhole_del"}, {"id", options.id}};
  Json request = options.pinhole;
  request["command"] = "pinhole_add";
  return request;
}

}  // namespace

int run_pinhole(Client& client, const Options& options) {
  const Ending ending = client.ask(pinhole_request(options), -1, [&](const Json& value) {
    if (options.json) return print_json(value);
    print(options.action == "add" ? "pinhole " + text(value, "id") + " is open\n" : render_pinholes(value));
  });
  if (ending.error.empty() && options.action == "del" && !options.json)
    print("pinhole " + std::to_string(options.id) + " is deleted\n");
  return finish(ending);
}

}  // namespace gate41::tool
