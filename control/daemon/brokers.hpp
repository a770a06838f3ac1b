// Brokers: an update engine for each tunnel whose configuration names a broker, and the requests that these
// make. Control thread only.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "control/broker/updater.hpp"
#include "control/daemon/events.hpp"
#include "control/daemon/fetcher.hpp"

namespace gate41 {

class Brokers {
 public:
  Brokers(Fetcher& fetcher, Events& events) : fetcher_(fetcher), events_(events) {}

  // At the start and at each reload: engines of tunnels that stay go on.
  void configure(const std::vector<config::Tunnel>& tunnels, TimePoint now);
  // Where this site is, and whom to ask for names from there; nullopt: not known.
  void on_place(std::optional<broker::Place> place, std::vector<Ipv4Address> dns, TimePoint now);
  void on_timer(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;

  // By the tunnel's name.
  struct Told {
    broker::Updater updater;
    std::string credentials;  // paths
    std::string ca;
  };
  [[nodiscard]] const std::map<std::string, Told>& all() const { return told_; }

 private:
  void pump();
  void on_answer(const std::string& tunnel, uint64_t id, const Result<std::string>& line);

  Fetcher& fetcher_;
  Events& events_;
  std::map<std::string, Told> told_;
  std::optional<broker::Place> place_;
  std::vector<Ipv4Address> dns_;
};

}  // namespace gate41
