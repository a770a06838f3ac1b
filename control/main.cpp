// gate41d: reads the configuration, opens everything in the one order that works, and turns the control loop.
// Composition only: what things do stands in their rooms.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>

#include "config/found_ports.hpp"
#include "config/loader.hpp"
#include "control/daemon/build_info.hpp"
#include "control/daemon/daemon.hpp"
#include "control/daemon/early_view.hpp"
#include "control/daemon/operator_view.hpp"
#include "control/loop/host_namespace.hpp"
#include "control/loop/privileges.hpp"
#include "control/loop/stop_signals.hpp"
#include "control/operator/server.hpp"
#include "dataplane/port/device_search.hpp"
#include "dataplane/port/eal_plan.hpp"
#include "dataplane/port/machine.hpp"

namespace gate41 {
namespace {

// Exit codes (design §6).
constexpr int kOk = 0;
constexpr int kStartFailed = 1;
constexpr int kBadConfiguration = 2;

int start_failed(const Error& error) {
  log_error("{}", error.message);
  return kStartFailed;
}

int bad_configuration(const std::vector<config::Problem>& problems) {
  for (const config::Problem& problem : problems) std::fprintf(stderr, "%s\n", problem.to_string().c_str());
  return kBadConfiguration;
}

struct Signals {
  bool stop = false;
  bool reload = false;
};

// `uio`: devices that need physical addresses for as long as they run.
bool uses_pci(const config::Config& config) {
  for (const auto& [name, port] : config.ports)
    if (port.device.find(':') != std::string::npos && port.device.find(',') == std::string::npos) return true;
  return false;
}

// `ports: auto`: devices for the ports, in an order that may turn out to be the other way round.
Result<void> find_ports(config::Config& config, const std::vector<std::string>& more) {
  const auto found = find_devices(read_machine(), more);
  if (!found) return tl::unexpected(found.error());
  place_ports(config, config::found_ports(found->front(), found->size() == 1 ? "" : found->back()));
  return {};
}

// `ports: auto`, before the packet path runs. The operator is answered already.
struct EarlyStage {
  EarlyStage(const config::Config& config, Dataplane& dataplane, loop::StateStore& store, Events& events)
      : roles(config, dataplane, store, events), view(config, roles, dataplane, events) {}

  PortRoles roles;
  EarlyView view;
  std::unique_ptr<op::Server> server;  // none where nothing has to be asked
};

// False: the process is to end before it is clear which port is which.
Result<bool> tell_ports_apart(EarlyStage& stage, const config::Config& config, loop::EventLoop& loop,
                              Signals& signals) {
  if (auto begun = stage.roles.start(now()); !begun) return tl::unexpected(begun.error());
  if (stage.roles.settled()) return true;
  auto server = op::Server::open(config.socket, config.socket_group, stage.view, loop);
  if (!server) return tl::unexpected(server.error());
  stage.server = std::move(*server);
  while (!stage.roles.settled() && !signals.stop) {
    loop.turn(stage.roles.next_deadline(now()));
    stage.roles.on_turn(now());
    stage.server->on_turn(now());
    if (std::exchange(signals.reload, false))
      log_warning("reload refused: {}", stage.view.reload().error().message);
  }
  return !signals.stop;
}

// The one that answers already goes on with another view.
Result<std::unique_ptr<op::Server>> open_server(std::unique_ptr<op::Server> early,
                                                const config::Config& config, op::View& view,
                                                loop::EventLoop& loop) {
  if (!early) return op::Server::open(config.socket, config.socket_group, view, loop);
  early->show(view);
  return early;
}

void turn(Daemon& daemon, op::Server& server, loop::EventLoop& loop) {
  std::optional<TimePoint> deadline = daemon.next_deadline(now());
  if (const auto servers = server.next_deadline()) deadline = std::min(*deadline, *servers);
  loop.turn(deadline);
  const TimePoint time = now();
  daemon.on_turn(time);
  server.on_turn(time);
}

void run(Daemon& daemon, op::Server& server, loop::EventLoop& loop, Signals& signals) {
  while (!signals.stop) {
    turn(daemon, server, loop);
    if (!std::exchange(signals.reload, false)) continue;
    if (const auto reloaded = daemon.reload(now()); !reloaded)
      log_error("reload refused: {}", reloaded.error().message);
  }
  daemon.stop(now());
  while (!daemon.stopped()) turn(daemon, server, loop);
}

// Everything that lives while ports are open.
int serve(config::Config& config, const std::string& path, Dataplane& dataplane, loop::EventLoop& loop,
          Signals& signals) {
  auto network = loop::HostNetwork::create();
  if (!network) return start_failed(network.error());
  loop::StateStore store(config.state_dir);
  Events events;
  std::optional<EarlyStage> early;
  if (config.ports_auto) {
    early.emplace(config, dataplane, store, events);
    const Result<bool> told = tell_ports_apart(*early, config, loop, signals);
    if (!told) return start_failed(told.error());
    if (!*told) return kOk;
    place_ports(config, early->roles.ports());
  }
  Daemon::Found found;
  if (early) found = {early->roles.state(now()).sentence, early->roles.take_lan()};
  Daemon daemon(config, path, std::move(found), {dataplane, loop, **network, store, events});
  if (auto opened = daemon.open(); !opened) return start_failed(opened.error());
  OperatorView view(daemon);
  auto server = open_server(early ? std::move(early->server) : nullptr, config, view, loop);
  if (!server) return start_failed(server.error());
  const loop::Kept kept{.uio = uses_pci(config), .clock = config.wan.dhcp_option_42};
  if (auto dropped = loop::drop_privileges(kept); !dropped) return start_failed(dropped.error());
  daemon.start(now());
  log_notice("gate41d {} is running as {} '{}'; ask `gate41 status`", kVersion,
             daemon.is_gateway() ? "gateway" : "relay", config.instance);
  run(daemon, **server, loop, signals);
  log_notice("stopped");
  return kOk;
}

int start(config::Config& config, const std::string& path, const std::vector<std::string>& devices,
          bool reserves) {
  if (config.ports_auto) {
    if (auto found = find_ports(config, devices); !found) return start_failed(found.error());
  } else if (!devices.empty()) {
    log_notice("--device is not used: the configuration names the ports");
  }
  auto host = loop::HostNamespace::prepare(config.host_netns);
  if (!host) return start_failed(host.error());
  auto loop = loop::EventLoop::create();
  if (!loop) return start_failed(loop.error());
  Signals signals;
  auto watched = loop::StopSignals::watch(
      **loop, [&signals](int signal) { (signal == SIGHUP ? signals.reload : signals.stop) = true; });
  if (!watched) return start_failed(watched.error());
  if (reserves) reserve_huge_pages(missing_huge_pages(config, read_machine()));
  auto dataplane = Dataplane::create(config);
  if (!dataplane) return start_failed(dataplane.error());
  if (auto entered = (*host)->enter(); !entered) return start_failed(entered.error());
  const int status = serve(config, path, **dataplane, **loop, signals);
  (*dataplane)->stop();
  (*host)->remove();
  return status;
}

}  // namespace
}  // namespace gate41

int main(int argc, char** argv) {
  CLI::App app{"gate41d: IPv6 for a site over protocol 41"};
  std::string path = "/etc/gate41/gate41.yaml";
  std::vector<std::string> devices;
  bool check = false;
  bool reserves = false;
  app.add_option("--config", path, "the configuration file")->capture_default_str();
  app.add_option(
         "--device", devices,
         "with `ports: auto`, one more device that is found, as \"net_af_packet0,iface=eth0\": what only the "
         "kernel can drive")
      ->allow_extra_args(false);
  app.add_flag(
      "--reserve-huge-pages", reserves,
      "reserve the huge pages that the configuration's PCI devices lack, until the next boot: where the "
      "machine is the router's alone");
  app.add_flag("--check", check, "check the configuration, touch no hardware, and end");
  app.set_version_flag("--version", std::string("gate41d ") + gate41::kVersion);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? 0 : gate41::kBadConfiguration;
  }
  auto config = gate41::config::load_file(path);
  if (!config) return gate41::bad_configuration(config.error());
  if (check) {
    std::printf("%s: ok\n", path.c_str());
    return gate41::kOk;
  }
  return gate41::start(*config, path, devices, reserves);
}
