// DaemonKeeper: keeps gate41d running, with the best configuration that it takes. It is started again when it
// ends, killed when it hangs, and given the next configuration when it refuses one.
#pragma once

#include <csignal>
#include <string>
#include <string_view>
#include <vector>

#include "appliance/init/configuration.hpp"
#include "appliance/init/health.hpp"
#include "appliance/init/journal.hpp"
#include "appliance/init/notify_socket.hpp"
#include "appliance/init/paths.hpp"
#include "appliance/init/service.hpp"
#include "appliance/init/status_board.hpp"

namespace gate41::appliance {

class DaemonKeeper {
 public:
  // `devices`: for its --device. The others outlive the object.
  DaemonKeeper(loop::EventLoop& loop, const Paths& paths, const std::vector<std::string>& devices,
               Journal& journal, StatusBoard& board);

  void on_turn(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  // True: it was this one's child.
  bool on_end(pid_t pid, int status, TimePoint now);

  // Another configuration may have been saved: begin anew.
  void restart();
  // For good.
  void stop();
  void kill() { service_.signal(SIGKILL); }
  [[nodiscard]] bool running() const { return service_.running(); }
  // It has said that it forwards.
  [[nodiscard]] bool ready() const { return health_.ready(); }

 private:
  void start(TimePoint now);
  bool place_configuration();
  void refuse();
  void tell(bool ok, const std::string& sentence) { board_.set("gate41d", ok, sentence); }

  const Paths& paths_;
  Journal& journal_;
  StatusBoard& board_;
  Service service_;
  Health health_;
  NotifySocket socket_;
  std::string given_;                 // the configuration's text
  std::vector<std::string> refused_;  // such texts
  bool restarting_ = false;
  bool stopping_ = false;
};

}  // namespace gate41::appliance
