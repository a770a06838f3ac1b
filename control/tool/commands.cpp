#include "control/tool/commands.hpp"

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <optional>
#include <system_error>
#include <unistd.h>

#include "control/tool/client.hpp"
#include "control/tool/console.hpp"
#include "control/tool/diff.hpp"
#include "control/tool/exit_codes.hpp"
#include "control/tool/flows.hpp"
#include "control/tool/ping.hpp"
#include "control/tool/pinhole.hpp"
#include "control/tool/render.hpp"
#include "control/tool/setup.hpp"
#include "control/tool/status_console.hpp"
#include "control/tool/trace.hpp"

namespace gate41::tool {
namespace {

Style style_of(const Options& options) {
  return {.colour = ::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr, .all = options.all};
}

int run_value(Client& client, const Options& options) {
  bool healthy = true;
  const Ending ending = client.ask({{"command", options.command}}, -1, [&](const Json& value) {
    if (options.command == "health") healthy = flag(value, "healthy");
    if (options.json)
      print_json(value);
    else
      print(render(options.command, value, style_of(options)));
  });
  if (ending.exit_code == kOk && !healthy) return kRefused;
  return finish(ending);
}

// A command that takes arguments and answers with one value.
int run_question(Client& client, const Options& options) {
  Json request = {{"command", options.command}, {"count", options.count}};
  if (!options.destination.empty()) request["destination"] = options.destination;
  if (!options.reason.empty()) request["reason"] = options.reason;
  return finish(client.ask(request, -1, [&](const Json& value) {
    if (options.json)
      print_json(value);
    else
      print(render(options.command, value, style_of(options)));
  }));
}

// The file, or standard output. Captures hold other people's traffic: nobody else may read the file.
std::optional<loop::Fd> open_output(const std::string& file) {
  loop::Fd fd(file == "-" ? ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
                          : ::open(file.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (fd) return fd;
  complain(file + ": " + std::generic_category().message(errno));
  return std::nullopt;
}

int run_capture(Client& client, const Options& options) {
  const auto output = open_output(options.file);
  if (!output) return kUsage;
  end_on_interrupt(client);
  const Json request = {{"command", "capture"}, {"drops", options.drops}, {"count", options.count}};
  const auto on_line = [](const Json& value) {
    std::fprintf(stderr, "%s packets captured\n", text(value, "captured").c_str());
  };
  return finish(client.ask(request, output->get(), on_line, Patience::endless));
}

// Works without a daemon.
int run_version(const Options& options) {
  Json daemon;
  auto client = Client::connect(options.socket);
  const Ending ending =
      client ? client->ask({{"command", "version"}}, -1, [&](const Json& value) { daemon = value; })
             : Ending{kOk, client.error().message};
  if (options.json) {
    print_json({{"tool", GATE41_VERSION}, {"daemon", daemon}});
  } else {
    print("gate41 " GATE41_VERSION "\n");
    if (daemon.is_object())
      print(render("version", daemon, {}));
    else
      complain(ending.error);
  }
  return ending.exit_code;
}

}  // namespace

int run(const Options& options) {
  if (options.command == "version") return run_version(options);
  if (options.command == "console") return run_console(options);
  if (options.command == "setup") return run_setup(options);
  if (options.command == "capture" && options.file == "-" && ::isatty(STDOUT_FILENO) == 1) {
    complain(
        "a capture is not for terminals; name a file, or a pipe as in `gate41 capture - | tcpdump -nr -`");
    return kUsage;
  }
  auto client = Client::connect(options.socket);
  if (!client) {
    complain(client.error().message);
    return kNoDaemon;
  }
  if (options.command == "diff") return run_diff(*client, options);
  if (options.command == "flows") return run_flows(*client, options);
  if (options.command == "pinhole") return run_pinhole(*client, options);
  if (options.command == "trace") return run_packet_trace(*client, options);
  if (options.command == "capture") return run_capture(*client, options);
  if (options.command == "routes" || options.command == "drops") return run_question(*client, options);
  if (options.command == "ping" || options.command == "traceroute") return run_ping(*client, options);
  return run_value(*client, options);
}

}  // namespace gate41::tool
