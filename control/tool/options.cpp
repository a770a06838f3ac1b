#include "control/tool/options.hpp"

#include <CLI/CLI.hpp>
#include <array>
#include <cstdio>
#include <string_view>

#include "control/tool/completion.hpp"
#include "control/tool/exit_codes.hpp"
#include "control/tool/option_groups.hpp"
#include "control/tool/text.hpp"
#include "dataplane/net/address.hpp"

namespace gate41::tool {
namespace {

struct Command {
  const char* name;
  const char* help;
};

constexpr std::array kPlainCommands = {
    Command{"status", "everything that matters on one screen"},
    Command{"console", "the same on the whole screen, anew every second, with keys"},
    Command{"health", "is it healthy? exit code 0 yes, 1 no"},
    Command{"neighbours", "the neighbours of every LAN and of the WAN"},
    Command{"tunnels", "tunnels and their relays"},
    Command{"dhcp", "the DHCP client and its lease"},
    Command{"ra", "router advertisements, our own and those of others"},
    Command{"ports", "Ethernet ports"},
    Command{"doctor", "checks everything and names remedies"},
    Command{"reload", "read the configuration again; all or nothing"},
    Command{"version", "the versions of this tool and of the daemon"},
};

// What CLI11 fills before it means something.
struct Raw {
  std::string instance = "gate41";
  uint64_t routes = 20;
  uint64_t drops = 20;
  uint64_t pings = 5;
  uint64_t probes = 3;
  std::string configuration = "/etc/gate41/gate41.yaml";
  std::string shell;
};

std::string check_instance(const std::string& name) {
  const bool ok = !name.empty() && name.size() <= 15 &&
                  name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string::npos;
  return ok ? "" : "an instance is 1 to 15 of a-z, 0-9 and -";
}

// CLI11 takes nan for a number within any range.
std::string check_seconds(const std::string& text) {
  const bool ok = text.find_first_not_of("0123456789.") == std::string::npos;
  return ok ? "" : "a number of seconds is needed, as in 0.5";
}

void add_capture(CLI::App& app, Options& options) {
  CLI::App* capture = app.add_subcommand("capture", "write packets as pcapng until Ctrl-C");
  capture->add_flag("--drops", options.drops, "only dropped packets, each with its reason");
  capture->add_option("--count", options.count, "end after so many packets")->check(check_count);
  capture->add_option("FILE", options.file, "file to write; - is standard output")->default_val("-");
}

std::string check_destination(const std::string& text) {
  return Ipv6Address::parse(text) ? "" : "an IPv6 address is needed, as in 2600:41::1";
}

void add_routes(CLI::App& app, Options& options, Raw& raw) {
  CLI::App* routes =
      app.add_subcommand("routes", "where packets go; with an address: the route that it takes");
  routes->add_option("--count", raw.routes, "so many of the native routes (20)")->check(check_count);
  routes->add_option("ADDRESS", options.destination, "a destination")->check(check_destination);
}

void add_drops(CLI::App& app, Options& options, Raw& raw) {
  CLI::App* drops = app.add_subcommand("drops", "the last dropped packets: why, and from whom");
  drops->add_option("--reason", options.reason, "only of this reason");
  drops->add_option("-n,--count", raw.drops, "so many of the last (20); 0: all that are remembered")
      ->check(check_count);
}

void add_ends(CLI::App& command, Options& options) {
  command.add_option("ADDRESS", options.destination, "whom to ask")->check(check_destination)->required();
  command.add_option("--source", options.source, "one of the router's own addresses")
      ->check(check_destination);
}

void add_ping(CLI::App& app, Options& options, Raw& raw) {
  CLI::App* ping = app.add_subcommand("ping", "does an IPv6 address answer through the tunnel?");
  add_ends(*ping, options);
  ping->add_option("-c,--count", raw.pings, "so many requests (5)")
      ->check(check_count)
      ->check(CLI::Range(1, 1000));
  ping->add_option("-i,--interval", options.interval, "seconds between them (1)")
      ->check(check_seconds)
      ->check(CLI::Range(0.1, 3600.0));
  ping->add_option("-s,--size", options.size, "bytes of data (56)")
      ->check(check_count)
      ->check(CLI::Range(0, 1452));
}

void add_traceroute(CLI::App& app, Options& options, Raw& raw) {
  CLI::App* trace = app.add_subcommand("traceroute", "the routers on the way to an IPv6 address");
  add_ends(*trace, options);
  trace->add_option("-m,--max-hops", options.max_hops, "the greatest hop limit (30)")
      ->check(check_count)
      ->check(CLI::Range(1, 255));
  trace->add_option("-q,--probes", raw.probes, "requests a hop (3)")
      ->check(check_count)
      ->check(CLI::Range(1, 10));
}

void add_setup(CLI::App& app, Raw& raw) {
  app.add_subcommand("setup", "change the configuration in a dialogue")
      ->add_option("--config", raw.configuration, "the file; the appliance has its own")
      ->capture_default_str();
}

void add_completion(CLI::App& app, Raw& raw) {
  app.add_subcommand("completion", "print a shell's completion of this command line")
      ->add_option("SHELL", raw.shell, "bash")
      ->check(CLI::IsMember({"bash"}))
      ->required();
}

void add_diff(CLI::App& app, Raw& raw) {
  app.add_subcommand("diff", "what a configuration file would change")
      ->add_option("FILE", raw.configuration, "the file")
      ->capture_default_str();
}

void add_commands(CLI::App& app, Options& options, Raw& raw) {
  for (const Command& command : kPlainCommands) app.add_subcommand(command.name, command.help);
  app.get_subcommand("neighbours")->alias("neigh");
  app.add_subcommand("counters", "packets, drops by reason, exceptions, flows")
      ->add_flag("--all", options.all, "also those at 0");
  add_flows(app, options);
  add_pinhole(app, options);
  add_packet_trace(app, options);
  add_drops(app, options, raw);
  add_capture(app, options);
  add_routes(app, options, raw);
  add_ping(app, options, raw);
  add_traceroute(app, options, raw);
  add_diff(app, raw);
  add_setup(app, raw);
  add_completion(app, raw);
}

void add_global_options(CLI::App& app, Options& options, Raw& raw) {
  app.set_version_flag("--version", "gate41 " GATE41_VERSION);
  app.require_subcommand(1);
  app.fallthrough();  // so that `gate41 status --json` works as `gate41 --json status`
  auto* instance =
      app.add_option("--instance", raw.instance, "the daemon of this name")->check(check_instance);
  app.add_option("--socket", options.socket, "the daemon at this operator socket")->excludes(instance);
  app.add_flag("--json", options.json, "the daemon's answer as it is, JSON by lines");
}

// CLI11 says only that a command is required.
std::string mistake_in_command(const CLI::App& app) {
  std::string commands;
  for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
    commands += (commands.empty() ? "" : ", ") + command->get_name();
  const std::vector<std::string> rest = app.remaining();
  const std::string mistake =
      rest.empty() ? "a command is needed" : "there is no command `" + printable(rest.front()) + "`";
  return "gate41: " + mistake + "; the commands are: " + commands + '\n';
}

bool lacks_command(const CLI::App& app) {
  const std::vector<std::string> rest = app.remaining();
  return app.get_subcommands().empty() && (rest.empty() || !rest.front().starts_with('-'));
}

int explain(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_name() == "RequiredError" && lacks_command(app)) {
    std::fputs(mistake_in_command(app).c_str(), stderr);
    return kUsage;
  }
  return app.exit(error) == 0 ? kOk : kUsage;
}

}  // namespace

CommandLine parse_command_line(int argc, const char* const* argv) {
  Options options;
  Raw raw;
  CLI::App app{"Asks a running gate41d, or tells it something.", "gate41"};
  add_global_options(app, options, raw);
  add_commands(app, options, raw);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return {std::nullopt, explain(app, error)};
  }
  options.command = app.get_subcommands().front()->get_name();
  if (options.command == "completion") {
    std::fputs(bash_completion(app).c_str(), stdout);
    return {std::nullopt, kOk};
  }
  if (options.socket.empty()) options.socket = "/run/gate41/" + raw.instance + ".sock";
  if (options.command == "setup" || options.command == "diff") options.file = raw.configuration;
  if (options.command == "routes") options.count = raw.routes;
  if (options.command == "drops") options.count = raw.drops;
  if (options.command == "ping") options.count = raw.pings;
  if (options.command == "traceroute") options.count = raw.probes;
  return {options, kOk};
}

}  // namespace gate41::tool
