#include "appliance/init/supervisor.hpp"

#include <algorithm>
#include <csignal>
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "appliance/init/boot_slot.hpp"
#include "appliance/init/keymap.hpp"
#include "appliance/init/small_file.hpp"
#include "control/loop/checked_file.hpp"

namespace gate41::appliance {
namespace {

// Drivers find their input devices, and terminals their hardware, when they like.
constexpr Duration kLookAgain = std::chrono::seconds(2);

bool is_terminal(const std::filesystem::path& path) {
  const loop::Fd fd(::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
  termios settings{};
  return fd && ::tcgetattr(fd.get(), &settings) == 0;
}

loop::Fd signal_descriptor() {
  sigset_t set;
  sigemptyset(&set);
  for (const int number : {SIGTERM, SIGINT, SIGHUP, SIGUSR1, SIGCHLD}) sigaddset(&set, number);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
  return loop::Fd(::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC));
}

}  // namespace

Supervisor::Supervisor(loop::EventLoop& loop, const Paths& paths, const std::vector<std::string>& devices,
                       Journal& journal, StatusBoard& board)
    : loop_(loop),
      paths_(paths),
      slot_(running_slot(read_line(paths.at("proc/cmdline")))),
      journal_(journal),
      signals_(signal_descriptor()),
      daemon_(loop, paths, devices, journal, board),
      button_(loop, paths.at("dev/input"),
              [this] { end(Ending::power_off, "the power button was pressed"); }),
      watchdog_(paths.at("dev/watchdog")) {
  loop_.watch(signals_.get(), EPOLLIN, [this](uint32_t) { on_signal(); });
  load_saved_keymap();
  begin_trial(now());
  add_console("dev/tty1", "linux");
  add_console("dev/ttyS0", "vt100");
  journal_.say(watchdog_.found() ? "the machine's watchdog is fed" : "the machine has no watchdog");
}

Supervisor::~Supervisor() { loop_.unwatch(signals_.get()); }

void Supervisor::add_console(const char* terminal, const char* type) {
  const std::filesystem::path path = paths_.at(terminal);
  if (!is_terminal(path)) return;
  Program console{.argv = {paths_.at("usr/bin/gate41"), "console"},
                  .environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/",
                                  "GATE41_APPLIANCE=" + paths_.data().string(), std::string("TERM=") + type},
                  .terminal = path};
  consoles_.push_back(std::make_unique<Service>(loop_, std::move(console), [](const std::string&) {}));
  consoles_.back()->postpone(now() + kDaemonFirst);
}

// `gate41 setup` saves its name; without one the kernel's own stays.
void Supervisor::load_saved_keymap() {
  const auto name = loop::read_checked(paths_.data(), "keymap").text;
  if (!name) return;
  const auto file = read_file(paths_.at("usr/share/gate41/keymaps") / *name);
  const auto tables = file ? parse_keymap(*file) : std::nullopt;
  if (!tables) return journal_.say("<4>keymap: the image has none of the name " + *name);
  if (const auto loaded = load_keymap(paths_.at("dev/tty1"), *tables); !loaded)
    journal_.say("<4>keymap: " + loaded.error().message);
}

void Supervisor::begin_trial(TimePoint now) {
  if (slot_.empty() || !is_on_trial(paths_.sys(), paths_.dev(), slot_)) return;
  journal_.say("system " + slot_ + " is on trial: it is kept once its daemon is ready");
  trial_ends_ = now + kTrial;
}

void Supervisor::keep_consoles(TimePoint now) {
  for (const auto& console : consoles_) {
    if (console->running() || now < console->start_at().value_or(now)) continue;
    journal_.leave_console();
    console->start(now);
  }
}

// It routes, or says what it lacks. After an upgrade this system is the one to start from now on.
void Supervisor::on_ready() {
  confirm_system();
  for (const auto& console : consoles_)
    if (!console->running()) console->hurry();
}

// After an upgrade GRUB starts the new system once.
void Supervisor::confirm_system() {
  confirmed_ = true;
  trial_ends_.reset();
  if (slot_.empty()) return;
  const std::string trouble = confirm_slot(paths_.sys(), paths_.dev(), slot_);
  if (!trouble.empty()) journal_.say("<4>the next start may take the other system: " + trouble);
}

void Supervisor::on_signal() {
  signalfd_siginfo info{};
  while (::read(signals_.get(), &info, sizeof info) == sizeof info) {
    const auto number = static_cast<int>(info.ssi_signo);
    if (number == SIGCHLD) reap();
    if (number == SIGTERM) end(Ending::power_off, "it was asked to power off");
    if (number == SIGINT) end(Ending::restart, "it was asked to restart");
    if (number == SIGHUP) daemon_.restart();
    if (number == SIGUSR1) load_saved_keymap();
  }
}

// Orphans of children come to PID 1 too, and are nobody's.
void Supervisor::reap() {
  int status = 0;
  pid_t pid = 0;
  while ((pid = ::waitpid(-1, &status, WNOHANG)) > 0) {
    if (daemon_.on_end(pid, status, now())) continue;
    for (const auto& console : consoles_)
      if (console->pid() == pid) console->on_end(status, now());
  }
}

void Supervisor::end(Ending ending, const char* why) {
  if (ending_) return;
  journal_.say(std::string("the machine goes down: ") + why);
  ending_ = ending;
}

TimePoint Supervisor::next_deadline(TimePoint now) const {
  TimePoint next = now + (button_.found() ? Watchdog::kMeal : kLookAgain);
  if (const auto daemons = daemon_.next_deadline()) next = std::min(next, *daemons);
  if (trial_ends_) next = std::min(next, *trial_ends_);
  for (const auto& console : consoles_)
    if (const auto start = console->start_at()) next = std::min(next, *start);
  return next;
}

void Supervisor::on_turn(TimePoint now) {
  daemon_.on_turn(now);
  if (daemon_.ready() && !confirmed_) on_ready();
  keep_consoles(now);
  if (trial_ends_ && now >= *trial_ends_) end(Ending::restart, "the system on trial has not come up");
  button_.look();
  if (now < meal_) return;
  watchdog_.feed();
  meal_ = now + Watchdog::kMeal;
}

Ending Supervisor::run() {
  while (!ending_) {
    on_turn(now());
    if (!ending_) loop_.turn(next_deadline(now()));
  }
  stop();
  return *ending_;
}

void Supervisor::stop() {
  watchdog_.feed();  // it stays on guard: a machine that can't go down is reset
  daemon_.stop();
  for (const auto& console : consoles_) console->signal(SIGKILL);
  const TimePoint limit = now() + kLastWords;
  while (daemon_.running() && now() < limit) loop_.turn(limit);
  daemon_.kill();
}

}  // namespace gate41::appliance
