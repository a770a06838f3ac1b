// Supervisor: what PID 1 does once the machine is set up: keeps the daemon and the consoles running, feeds
// the watchdog, waits for the power button.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "appliance/init/daemon_keeper.hpp"
#include "appliance/init/journal.hpp"
#include "appliance/init/paths.hpp"
#include "appliance/init/power_button.hpp"
#include "appliance/init/service.hpp"
#include "appliance/init/status_board.hpp"
#include "appliance/init/watchdog.hpp"
#include "control/loop/event_loop.hpp"

namespace gate41::appliance {

enum class Ending { power_off, restart };

class Supervisor {
 public:
  // `devices`: more of them for the daemon (machine.hpp). Blocks the signals that it listens to. All outlive
  // the object.
  Supervisor(loop::EventLoop& loop, const Paths& paths, const std::vector<std::string>& devices,
             Journal& journal, StatusBoard& board);
  ~Supervisor();
  Supervisor(const Supervisor&) = delete;
  Supervisor& operator=(const Supervisor&) = delete;

  // Until the power button (or SIGTERM) or Ctrl-Alt-Del (SIGINT); then the daemon has ended, or has been
  // killed after kLastWords. SIGHUP: another configuration has been saved; SIGUSR1: another keymap.
  Ending run();

 private:
  static constexpr Duration kLastWords = std::chrono::milliseconds(800);
  // Of an upgraded system: the old one starts again after that.
  static constexpr Duration kTrial = std::chrono::minutes(3);
  // Consoles wait so long for the daemon to be ready: to load and unpack programs takes a small machine
  // seconds.
  static constexpr Duration kDaemonFirst = std::chrono::seconds(5);

  void add_console(const char* terminal, const char* type);
  void keep_consoles(TimePoint now);
  void load_saved_keymap();
  void begin_trial(TimePoint now);
  void on_ready();
  void confirm_system();
  void on_signal();
  void reap();
  void end(Ending ending, const char* why);
  void turn(std::optional<TimePoint> deadline);
  void on_turn(TimePoint now);
  [[nodiscard]] TimePoint next_deadline(TimePoint now) const;
  void stop();

  loop::EventLoop& loop_;
  const Paths& paths_;
  const std::string slot_;  // of the system that runs; empty: it is on no disk of ours
  Journal& journal_;
  loop::Fd signals_;
  DaemonKeeper daemon_;
  std::vector<std::unique_ptr<Service>> consoles_;
  PowerButton button_;
  Watchdog watchdog_;
  TimePoint meal_;          // the watchdog's next
  bool confirmed_ = false;  // the system has come up
  std::optional<TimePoint> trial_ends_;
  std::optional<Ending> ending_;
};

}  // namespace gate41::appliance
