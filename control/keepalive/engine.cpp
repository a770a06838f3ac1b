#include "control/keepalive/engine.hpp"

#include <algorithm>
#include <utility>

namespace gate41::keepalive {
namespace {

auto find(auto& targets, Ipv4Address address) {
  return std::ranges::find_if(targets, [&](const auto& target) { return target.info.address == address; });
}

}  // namespace

void Engine::configure(Settings settings, TimePoint now) {
  const bool same_source = settings.own == settings_.own && settings.local == settings_.local;
  settings_ = std::move(settings);
  std::vector<Target> targets;
  for (const Ipv4Address address : settings_.targets) targets.push_back(adopt(address, same_source, now));
  targets_ = std::move(targets);
}

Engine::Target Engine::adopt(Ipv4Address address, bool same_source, TimePoint now) {
  const auto known = find(targets_, address);
  if (known == targets_.end()) return {{address}, now, {}, {}};
  Target target = *known;
  if (!same_source) target.busy.reset();
  target.next = same_source ? std::min(target.next, now + drawn(0.9, 1.1)) : now;
  return target;
}

void Engine::stop() {
  settings_ = {};
  targets_.clear();
  look_.reset();
}

// What was counted since the last look went out after that at the earliest.
void Engine::on_traffic(std::optional<Ipv4Address> live, uint64_t packets, TimePoint now) {
  if (look_ && live && look_->live == live && packets > look_->packets) mark_busy(*live, look_->time);
  look_ = Look{now, live, packets};
}

void Engine::on_probe(Ipv4Address target, TimePoint now) { mark_busy(target, now); }

void Engine::mark_busy(Ipv4Address address, TimePoint when) {
  if (const auto target = find(targets_, address); target != targets_.end())
    target->busy = std::max(target->busy.value_or(when), when);
}

void Engine::on_timer(TimePoint now) {
  for (Target& target : targets_) {
    if (target.next > now) continue;
    const auto busy = std::exchange(target.busy, std::nullopt);
    if (busy) target.next = *busy + drawn(0.9, 1.1);
    if (target.next > now)
      ++target.info.suppressed;
    else
      send(target, now);
  }
}

// Routers that came up together are apart from the second packet on.
void Engine::send(Target& target, TimePoint now) {
  const bool first = target.info.sent++ == 0;
  target.token = static_cast<uint32_t>(random_() >> 32U);
  target.next = now + (first ? drawn(0.1, 1.0) : drawn(0.9, 1.1));
  outputs_.push_back({target.info.address, *target.token});
}

Duration Engine::drawn(double least, double most) {
  const double part = std::uniform_real_distribution(least, most)(random_);
  return std::chrono::duration_cast<Duration>(settings_.interval * part);
}

bool Engine::knows(uint32_t token) const {
  return std::ranges::any_of(targets_, [&](const Target& target) { return target.token == token; });
}

std::optional<TimePoint> Engine::next_deadline() const {
  std::optional<TimePoint> earliest;
  for (const Target& target : targets_) earliest = std::min(earliest.value_or(target.next), target.next);
  return earliest;
}

std::vector<Send> Engine::take_outputs() { return std::exchange(outputs_, {}); }

std::vector<TargetInfo> Engine::targets() const {
  std::vector<TargetInfo> infos;
  for (const Target& target : targets_) infos.push_back(target.info);
  return infos;
}

}  // namespace gate41::keepalive
