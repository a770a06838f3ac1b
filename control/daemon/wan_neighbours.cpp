#include "control/daemon/wan_neighbours.hpp"

#include <algorithm>

namespace gate41 {

WanNeighbours::WanNeighbours(Platform& platform, std::string interface, OnChange on_change)
    : platform_(platform), interface_(std::move(interface)), on_change_(std::move(on_change)) {}

WanNeighbours::~WanNeighbours() { clear(); }

WanNeighbours::Neighbour& WanNeighbours::find_or_add(Ipv4Address hop, TimePoint now) {
  const auto known = neighbours_.find(hop);
  if (known != neighbours_.end()) return known->second;
  Neighbour& added = neighbours_[hop];
  added.last_used = now;
  platform_.network.manage_neighbour(interface_, hop);
  return added;
}

// Senders choose the addresses: what nobody answers for must not keep out who would.
void WanNeighbours::make_room() {
  std::size_t passing = 0;
  std::size_t unanswered = 0;
  auto oldest = neighbours_.end();
  auto oldest_unanswered = neighbours_.end();
  for (auto it = neighbours_.begin(); it != neighbours_.end(); ++it) {
    if (it->second.kept) continue;
    const auto older = [&](auto other) {
      return other == neighbours_.end() || it->second.last_used < other->second.last_used;
    };
    ++passing;
    if (older(oldest)) oldest = it;
    if (it->second.mac) continue;
    ++unanswered;
    if (older(oldest_unanswered)) oldest_unanswered = it;
  }
  if (unanswered >= kMaxUnanswered) return forget(oldest_unanswered);
  if (passing >= kMaxNeighbours) forget(oldest);
}

TimePoint WanNeighbours::forgotten_at(const Neighbour& neighbour) const {
  return neighbour.last_used + (neighbour.mac ? kUnusedFor : kPatience);
}

void WanNeighbours::manage_again() {
  for (const auto& [hop, neighbour] : neighbours_) platform_.network.manage_neighbour(interface_, hop);
}

void WanNeighbours::keep(const std::vector<Ipv4Address>& hops, TimePoint now) {
  for (auto& [hop, neighbour] : neighbours_) neighbour.kept = false;
  for (const Ipv4Address hop : hops) find_or_add(hop, now).kept = true;
}

void WanNeighbours::on_unresolved(Ipv4Address hop, rte_mbuf* packet, TimePoint now) {
  if (!neighbours_.contains(hop)) make_room();
  Neighbour& neighbour = find_or_add(hop, now);
  neighbour.last_used = now;
  if (neighbour.mac) {  // it became known while the packet was on its way here
    platform_.dataplane.inject_resumed(packet);
    return;
  }
  if (neighbour.waiting.empty()) neighbour.waiting_since = now;
  if (neighbour.waiting.size() >= kMaxWaiting) {
    platform_.dataplane.inject_crowded(neighbour.waiting.front());
    neighbour.waiting.erase(neighbour.waiting.begin());
  }
  neighbour.waiting.push_back(packet);
}

void WanNeighbours::on_used(Ipv4Address hop, TimePoint now) {
  const auto known = neighbours_.find(hop);
  if (known != neighbours_.end()) known->second.last_used = now;
}

void WanNeighbours::on_kernel(Ipv4Address hop, std::optional<MacAddress> mac) {
  const auto known = neighbours_.find(hop);
  if (known == neighbours_.end() || known->second.mac == mac) return;
  Neighbour& neighbour = known->second;
  neighbour.mac = mac;
  on_change_(hop, mac);
  if (!mac) return;
  for (rte_mbuf* packet : std::exchange(neighbour.waiting, {})) platform_.dataplane.inject_resumed(packet);
}

void WanNeighbours::give_up(Neighbour& neighbour) {
  for (rte_mbuf* packet : std::exchange(neighbour.waiting, {})) platform_.dataplane.inject_failed(packet);
}

void WanNeighbours::forget(std::map<Ipv4Address, Neighbour>::iterator which) {
  give_up(which->second);
  if (which->second.mac) on_change_(which->first, std::nullopt);
  platform_.network.unmanage_neighbour(interface_, which->first);
  neighbours_.erase(which);
}

void WanNeighbours::clear() {
  while (!neighbours_.empty()) forget(neighbours_.begin());
}

void WanNeighbours::on_timer(TimePoint now) {
  for (auto it = neighbours_.begin(); it != neighbours_.end();) {
    const auto current = it++;
    Neighbour& neighbour = current->second;
    if (!neighbour.waiting.empty() && now >= neighbour.waiting_since + kPatience) give_up(neighbour);
    if (!neighbour.kept && now >= forgotten_at(neighbour)) forget(current);
  }
}

std::optional<TimePoint> WanNeighbours::next_deadline() const {
  std::optional<TimePoint> next;
  const auto at = [&](TimePoint when) { next = next ? std::min(*next, when) : when; };
  for (const auto& [hop, neighbour] : neighbours_) {
    if (!neighbour.waiting.empty()) at(neighbour.waiting_since + kPatience);
    if (!neighbour.kept) at(forgotten_at(neighbour));
  }
  return next;
}

std::optional<MacAddress> WanNeighbours::mac_of(Ipv4Address hop) const {
  const auto known = neighbours_.find(hop);
  return known == neighbours_.end() ? std::nullopt : known->second.mac;
}

std::vector<WanNeighbours::Info> WanNeighbours::list() const {
  std::vector<Info> list;
  for (const auto& [hop, neighbour] : neighbours_) list.push_back({hop, neighbour.mac});
  return list;
}

}  // namespace gate41
