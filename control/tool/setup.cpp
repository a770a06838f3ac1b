#include "control/tool/setup.hpp"

#include <csignal>
#include <cstdio>
#include <iostream>
#include <memory>
#include <string>
#include <termios.h>
#include <unistd.h>

#include "control/setup/places.hpp"
#include "control/setup/session.hpp"
#include "control/tool/appliance.hpp"
#include "control/tool/client.hpp"
#include "control/tool/console.hpp"
#include "control/tool/exit_codes.hpp"
#include "control/tool/fields.hpp"

namespace gate41::tool {
namespace {

std::unique_ptr<setup::Places> places_of(const Options& options) {
  const std::string folder = options.socket.substr(0, options.socket.rfind('/') + 1);
  const auto data = appliance_data();
  if (!data) return std::make_unique<setup::FilePlaces>(options.file);
  return std::make_unique<setup::AppliancePlaces>(*data, folder + "gate41.yaml", "/usr/share/gate41/keymaps");
}

// The daemon takes what can be changed while it runs; for the rest PID 1 of the appliance starts it again.
std::string put_in_force(const Options& options) {
  auto client = Client::connect(options.socket);
  const Ending ending = client ? client->ask({{"command", "reload"}}, -1, [](const Json&) {})
                               : Ending{kNoDaemon, client.error().message};
  if (ending.exit_code == kOk) return "Saved, and in force.";
  if (!appliance_data()) return "Saved. Not in force yet: " + ending.error;
  ::kill(1, SIGHUP);
  return "Saved. The daemon starts again with it.";
}

void save(const setup::Places& places, setup::Session& session, const Options& options) {
  const bool keymap_changed = session.now().keymap != session.saved().keymap;
  const bool only_keymap = session.now().configuration == session.saved().configuration;
  if (const auto written = places.write(session.now()); !written)
    return session.on_not_saved(written.error().message);
  if (keymap_changed) ::kill(1, SIGUSR1);  // PID 1 has the keyboard
  session.on_saved(only_keymap ? "Saved." : put_in_force(options));
}

void show(const std::string& screen) {
  if (::isatty(STDOUT_FILENO) == 1) print("\x1b[2J\x1b[H");
  print(screen);
  std::fflush(stdout);
}

// Of what is typed; without a terminal there is none.
void set_echo(bool on) {
  termios settings{};
  if (::tcgetattr(STDIN_FILENO, &settings) != 0) return;
  const tcflag_t echo = ECHO;
  settings.c_lflag = on ? settings.c_lflag | echo : settings.c_lflag & ~echo;
  ::tcsetattr(STDIN_FILENO, TCSANOW, &settings);
}

}  // namespace

int run_setup(const Options& options) {
  const auto places = places_of(options);
  auto settings = places->read();
  if (!settings) {
    complain("setup: the configuration cannot be read: " + settings.error().message);
    return kUsage;
  }
  setup::Session session(std::move(*settings), places->keymaps());
  show(session.screen());
  for (std::string line; std::getline(std::cin, line);) {
    const setup::Wish wish = session.on_line(line);
    if (wish == setup::Wish::leave) return kOk;
    if (wish == setup::Wish::save) save(*places, session, options);
    set_echo(!session.hides());
    show(session.screen());
  }
  set_echo(true);
  return kOk;
}

}  // namespace gate41::tool
