#include "appliance/init/daemon_keeper.hpp"

#include <algorithm>
#include <csignal>
#include <fmt/core.h>
#include <fstream>
#include <sys/wait.h>
#include <system_error>
#include <utility>

#include "appliance/init/vmware_backdoor.hpp"

namespace gate41::appliance {
namespace {

namespace fs = std::filesystem;

constexpr int kBadConfiguration = 2;  // gate41d(8)
constexpr Duration kAgain = std::chrono::seconds(30);

std::string socket_path(const Paths& paths) { return paths.run() / "notify"; }
fs::path configuration_path(const Paths& paths) { return paths.run() / "gate41.yaml"; }

Program daemon_program(const Paths& paths, const std::vector<std::string>& devices, int input) {
  const auto silence = std::chrono::duration_cast<std::chrono::microseconds>(Health::kSilence);
  Program program{
      .argv = {paths.at("usr/bin/gate41d"), "--config", configuration_path(paths), "--reserve-huge-pages"},
      .environment = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/", "NOTIFY_SOCKET=" + socket_path(paths),
                      fmt::format("WATCHDOG_USEC={}", silence.count())},
      .terminal = "",
      .input = input};
  for (const std::string& device : devices) program.argv.insert(program.argv.end(), {"--device", device});
  return program;
}

ConfigurationPlaces places_of(const Paths& paths) {
  return {.data = paths.data(),
          .sys = paths.sys(),
          .dev = paths.dev(),
          .shipped = paths.at("etc/gate41/gate41.yaml"),
          .guest_info = paths.root == "/" ? GuestInfo(vmware_guest_info) : nullptr};
}

}  // namespace

DaemonKeeper::DaemonKeeper(loop::EventLoop& loop, const Paths& paths, const std::vector<std::string>& devices,
                           Journal& journal, StatusBoard& board)
    : paths_(paths),
      journal_(journal),
      board_(board),
      service_(loop, daemon_program(paths, devices, journal.own_lines()),
               [this](const std::string& line) { journal_.add("gate41d", line); }),
      socket_(loop, socket_path(paths), [this](std::string_view message) {
        health_.on_message(message, now());
        if (health_.ready()) tell(true, "running: " + health_.sentence());
      }) {}

void DaemonKeeper::on_turn(TimePoint now) {
  if (!service_.running() && !stopping_ && now >= service_.start_at().value_or(now)) start(now);
  if (service_.running() && health_.deadline() && now >= *health_.deadline()) {
    journal_.say("<3>gate41d hangs: it is killed and started again");
    kill();
    health_.on_start();
  }
}

std::optional<TimePoint> DaemonKeeper::next_deadline() const {
  if (service_.running()) return health_.deadline();
  return stopping_ ? std::nullopt : service_.start_at();
}

void DaemonKeeper::start(TimePoint now) {
  health_.on_start();
  if (!place_configuration()) {
    tell(false, "does not run: the image holds no configuration");
    return service_.postpone(now + kAgain);
  }
  tell(true, "starting");
  service_.start(now);
}

bool DaemonKeeper::place_configuration() {
  const std::vector<Configuration> found = find_configurations(places_of(paths_));
  if (found.empty()) return false;
  const Configuration& chosen = choose(found, refused_);
  const bool first = &chosen == &found.front();
  std::string sentence = chosen.source;
  if (!chosen.trouble.empty()) sentence += "; " + chosen.trouble;
  if (!first) sentence += "; gate41d refuses " + found.front().source;
  board_.set("configuration", first && chosen.trouble.empty(), sentence);
  if (given_ != chosen.text) journal_.say("configuration: " + sentence);
  given_ = chosen.text;
  const fs::path fresh = configuration_path(paths_).string() + ".new";
  std::ofstream(fresh, std::ios::binary) << given_;
  std::error_code ignored;  // then the daemon says that it has none
  fs::rename(fresh, configuration_path(paths_), ignored);
  return true;
}

bool DaemonKeeper::on_end(pid_t pid, int status, TimePoint now) {
  if (pid != service_.pid()) return false;
  std::string how = service_.on_end(status, now);
  if (!service_.last_line().empty()) how += ": " + service_.last_line();
  tell(stopping_ || restarting_, (stopping_ ? "stopped: " : "starts again: ") + how);
  journal_.say("gate41d " + how);
  if (WIFEXITED(status) && WEXITSTATUS(status) == kBadConfiguration) refuse();
  if (std::exchange(restarting_, false)) service_.hurry();
  return true;
}

// With nothing else to try, the same again, after the usual pause: somebody may mend it meanwhile.
void DaemonKeeper::refuse() {
  if (std::ranges::find(refused_, given_) == refused_.end()) refused_.push_back(given_);
  const std::vector<Configuration> found = find_configurations(places_of(paths_));
  if (!found.empty() && choose(found, refused_).text != given_) service_.hurry();
}

void DaemonKeeper::restart() {
  refused_.clear();
  restarting_ = service_.running();
  service_.signal(SIGTERM);
  if (!restarting_) service_.hurry();
}

void DaemonKeeper::stop() {
  stopping_ = true;
  service_.signal(SIGTERM);
}

}  // namespace gate41::appliance
