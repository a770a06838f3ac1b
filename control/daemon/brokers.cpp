#include "control/daemon/brokers.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

#include "control/daemon/platform.hpp"
#include "control/daemon/settings.hpp"

namespace gate41 {

void Brokers::configure(const std::vector<config::Tunnel>& tunnels, TimePoint now) {
  std::erase_if(told_, [&](const auto& told) {
    const auto tunnel = std::ranges::find(tunnels, told.first, &config::Tunnel::name);
    return tunnel == tunnels.end() || !tunnel->broker;
  });
  for (const config::Tunnel& tunnel : tunnels) {
    if (!tunnel.broker) continue;
    const broker::Settings settings = broker_settings(*tunnel.broker);
    const auto [told, is_new] =
        told_.try_emplace(tunnel.name, Told{broker::Updater(settings, random_seed()), {}, {}});
    told->second.credentials = tunnel.broker->credentials;
    told->second.ca = tunnel.broker->ca;
    if (is_new)
      told->second.updater.on_place(place_, now);
    else
      told->second.updater.configure(settings, now);
  }
  pump();
}

void Brokers::on_place(std::optional<broker::Place> place, std::vector<Ipv4Address> dns, TimePoint now) {
  place_ = place;
  dns_ = std::move(dns);
  for (auto& [tunnel, told] : told_) told.updater.on_place(place, now);
  pump();
}

void Brokers::on_timer(TimePoint now) {
  for (auto& [tunnel, told] : told_) told.updater.on_timer(now);
  pump();
}

std::optional<TimePoint> Brokers::next_deadline() const {
  std::optional<TimePoint> next;
  for (const auto& [tunnel, told] : told_)
    if (const auto deadline = told.updater.next_deadline(); deadline && (!next || *deadline < *next))
      next = deadline;
  return next;
}

void Brokers::pump() {
  for (auto& [tunnel, told] : told_)
    for (const broker::Request& request : told.updater.take_requests())
      fetcher_.fetch({request.url, dns_, told.credentials, told.ca},
                     [this, name = tunnel, id = request.id](const Result<std::string>& line) {
                       on_answer(name, id, line);
                     });
}

// The tunnel may have lost its broker meanwhile.
void Brokers::on_answer(const std::string& tunnel, uint64_t id, const Result<std::string>& line) {
  const auto told = told_.find(tunnel);
  if (told == told_.end()) return;
  const TimePoint now = gate41::now();
  broker::Updater& updater = told->second.updater;
  const broker::State before = updater.state();
  updater.on_answer(id, line, now);
  if (updater.state() == before) return;  // an answer that came too late
  const std::string text = fmt::format("tunnel {}: {}", tunnel, updater.sentence(now));
  if (updater.state() == broker::State::updated)
    events_.add(now, text);
  else
    events_.warn(now, text);
}

}  // namespace gate41
