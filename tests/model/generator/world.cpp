#include "tests/model/generator/world.hpp"

#include <algorithm>

namespace gate41::model {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;

constexpr std::size_t kRecent = 200;

bool crosses(const Headers& headers) {
  const auto far = [](const Host& host) { return host.place == Place::net || host.place == Place::site; };
  return (headers.source.place == Place::lan && far(headers.destination)) ||
         (headers.destination.place == Place::lan && far(headers.source));
}

}  // namespace

World::World(uint64_t seed, Features features, Time begin) : random_(seed), features_(features), now_(begin) {
  now_ += nanoseconds(below(1'000'000'000));
  Event first;
  first.at = now_;
  first.policy = some_policy();
  sequence_.push_back(first);
}

Host World::far_host() {
  return chance(75) ? Host{Place::net, static_cast<uint8_t>(below(4))}
                    : Host{Place::site, static_cast<uint8_t>(below(2))};
}

void World::change_policy() {
  Event event;
  event.at = now_;
  event.policy = some_policy();
  sequence_.push_back(event);
  last_ = Time{-1};
}

void World::put(const Packet& packet, Direction direction) {
  Event event;
  event.at = now_;
  event.direction = direction;
  event.packet = packet;
  const Event& before = sequence_.back();
  event.together = last_ == now_ && !before.policy && before.direction == direction && chance(80);
  sequence_.push_back(event);
  last_ = now_;
}

void World::emit(const Packet& packet, Direction direction) {
  Packet sent = packet;
  if (rarely(15)) misplace(sent, direction);
  sent.options = rarely(20);
  if (rarely(20)) {
    held_.push_back({sent, direction});  // overtaken
    return;
  }
  if (sent.headers.part == Part::whole && rarely(has(Feature::fragments) ? 60 : 30)) {
    put_fragmented(sent, direction);
    return;
  }
  put(sent, direction);
  if (rarely(10)) put(sent, direction);
}

bool World::may_repeat(const Packet& packet) const {
  return has(Feature::fragments) || packet.headers.part == Part::whole || packet.headers.part == Part::atomic;
}

void World::release() {
  while (!held_.empty() && chance(30)) {
    const std::size_t at = below(held_.size());
    put(held_[at].packet, held_[at].direction);
    const bool again = chance(10) && may_repeat(held_[at].packet);
    if (!again) held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(at));
  }
}

void World::misplace(Packet& packet, Direction direction) {
  if (direction == Direction::inbound) return;  // tests/matrix is about those
  // Neighbour discovery is for the router, from whatever address.
  const Headers& headers = packet.headers;
  if (headers.protocol == protocol::icmpv6 && headers.icmp.type >= 130 && headers.icmp.type <= 143) return;
  const auto place = one_of({Place::withdrawn, Place::elsewhere, Place::unique_local, Place::multicast});
  if (chance(50))
    packet.headers.source = {place, 0};
  else
    packet.headers.destination = {chance(50) ? Place::unique_local : Place::multicast, 0};
}

void World::wait() {
  const uint64_t what = below(1000);
  if (what < 300) return;
  if (what < 750)
    now_ += milliseconds(below(60));
  else if (what < 930)
    now_ += nanoseconds(below(2'000'000'000));
  else if (what < 990)
    now_ = std::chrono::ceil<seconds>(now_);
  else
    wait_for_a_bound();
}

seconds World::some_bound() {
  if (has(Feature::unreachable) && chance(20)) return kPatience;
  if (chance(10))
    return one_of({timers_.tcp_established, timers_.sctp_established, timers_.dccp_established});
  return one_of({timers_.tcp_transitory, timers_.udp, timers_.udp_well_known, timers_.echo, timers_.generic,
                 timers_.sctp_transitory, timers_.dccp_transitory, kFragments});
}

// To one side or the other of the moment at which what was sent before runs out.
void World::wait_for_a_bound() {
  const Event* event = recent();
  if (event == nullptr) return;
  const auto bound = some_bound();
  const auto off =
      one_of({nanoseconds(-1'000'000'001), nanoseconds(-1'000'000'000), nanoseconds(-1), nanoseconds(0),
              nanoseconds(1), nanoseconds(999'999'999), nanoseconds(1'000'000'000),
              nanoseconds(1'000'000'001), nanoseconds(2'000'000'000)});
  const Time base = chance(50) ? event->at : std::chrono::floor<seconds>(event->at);
  now_ = std::max(now_, base + bound + off);
  // Is it still there?
  if (!chance(70) || !may_repeat(event->packet)) return;
  Packet packet = event->packet;
  Direction direction = event->direction;
  const bool two_ways = packet.headers.protocol != protocol::tcp && !packet.quote && crosses(packet.headers);
  if (two_ways && chance(40)) {
    std::swap(packet.headers.source, packet.headers.destination);
    std::swap(packet.headers.source_port, packet.headers.destination_port);
    direction = opposite(direction);
  }
  put(packet, direction);
}

const Event* World::recent() {
  const std::size_t many = std::min(kRecent, sequence_.size());
  const Event& event = sequence_[sequence_.size() - 1 - below(many)];
  return event.policy ? nullptr : &event;
}

}  // namespace gate41::model
