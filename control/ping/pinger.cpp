#include "control/ping/pinger.hpp"

#include <algorithm>
#include <fmt/core.h>

namespace gate41::ping {

template <typename Kind, typename Settings>
Result<Pinger::Id> Pinger::add(const Settings& settings, TimePoint now) {
  if (runs_.size() >= kMaxRuns)
    return fail(
        fmt::format("{} pings and traceroutes are under way, more are not run at a time; try again "
                    "when one has ended",
                    kMaxRuns));
  runs_.emplace(++last_, std::make_unique<Kind>(settings, free_token(), now));
  return last_;
}

Result<Pinger::Id> Pinger::start(const PingSettings& settings, TimePoint now) {
  return add<Ping>(settings, now);
}

Result<Pinger::Id> Pinger::start(const TraceSettings& settings, TimePoint now) {
  return add<Trace>(settings, now);
}

// No two runs share an identifier.
uint32_t Pinger::free_token() {
  for (;;) {
    const auto token = static_cast<uint32_t>(random_() >> 32U);
    if (std::ranges::none_of(runs_,
                             [&](const auto& run) { return run.second->identifier() == token >> 16U; }))
      return token;
  }
}

void Pinger::end(Id run, TimePoint now) {
  if (const auto found = runs_.find(run); found != runs_.end()) found->second->end(now);
}

bool Pinger::on_packet(Bytes ipv6, TimePoint now) {
  if (runs_.empty()) return false;
  const auto answer = echowire::read_answer(ipv6);
  return answer &&
         std::ranges::any_of(runs_, [&](const auto& run) { return run.second->on_answer(*answer, now); });
}

bool Pinger::on_dropped(Bytes ipv6, DropReason reason, uint16_t mtu, TimePoint now) {
  if (runs_.empty()) return false;
  const auto request = echowire::read_request(ipv6);
  return request && std::ranges::any_of(runs_, [&](const auto& run) {
           return run.second->on_dropped(*request, reason, mtu, now);
         });
}

void Pinger::on_timer(TimePoint now) {
  for (const auto& [id, run] : runs_) run->on_timer(now);
}

std::optional<TimePoint> Pinger::next_deadline() const {
  std::optional<TimePoint> next;
  for (const auto& [id, run] : runs_)
    if (const auto deadline = run->next_deadline()) next = std::min(next.value_or(*deadline), *deadline);
  return next;
}

std::vector<std::vector<uint8_t>> Pinger::take_packets() {
  std::vector<std::vector<uint8_t>> packets;
  for (const auto& [id, run] : runs_) std::ranges::move(run->take_packets(), std::back_inserter(packets));
  return packets;
}

std::vector<Pinger::Row> Pinger::take_rows() {
  std::vector<Row> rows;
  for (const auto& [id, run] : runs_)
    for (Event& event : run->take_events()) rows.push_back({id, std::move(event)});
  std::erase_if(runs_, [](const auto& run) { return run.second->over(); });
  return rows;
}

}  // namespace gate41::ping
