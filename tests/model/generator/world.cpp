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

World::World(uint64_t seed, Time begin) : random_(seed), now_(begin) {
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

Policy World::some_policy() {
  const std::initializer_list<Pinhole> all = {
      {{Place::lan, 0}, protocol::tcp, 443, 443},     {{Place::lan, 0}, protocol::udp, 5000, 5010},
      {{Place::lan, 1}, protocol::tcp, 8000, 8099},   {{Place::lan, 1}, protocol::udp, 53, 53},
      {{Place::lan, 1}, protocol::icmpv6, 0, 0xffff}, {{Place::lan, 2}, protocol::tcp, 0, 0xffff},
      {{Place::lan, 2}, protocol::tcp, 22, 22},       {{Place::lan, 3}, protocol::udp, 0, 1023},
  };
  Policy policy;
  policy.allow_echo = chance(30);
  for (const Pinhole& pinhole : all)
    if (chance(60)) policy.pinholes.push_back(pinhole);
  return policy;
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
  if (rarely(30)) {
    put_fragmented(sent, direction);
    return;
  }
  put(sent, direction);
  if (rarely(10)) put(sent, direction);
}

// RFC 8200 §4.5; identifications are few, so that they meet.
void World::put_fragmented(Packet packet, Direction direction) {
  Headers& headers = packet.headers;
  headers.fragment = static_cast<uint32_t>(below(6));
  if (packet.quote || chance(20)) {
    headers.part = Part::atomic;
    put(packet, direction);
    return;
  }
  packet.tcp.length = packet.tcp.scale ? 8 : 4;  // whole units of eight bytes with the header
  Packet rest = packet;
  rest.headers.part = Part::later;
  rest.tcp = {};
  headers.part = Part::first;
  if (chance(20)) put(rest, direction);
  if (chance(85)) put(packet, direction);
  while (chance(60)) {
    if (chance(40)) {
      held_.push_back({rest, direction});
    } else {
      put(rest, direction);
    }
  }
}

void World::release() {
  while (!held_.empty() && chance(30)) {
    const std::size_t at = below(held_.size());
    put(held_[at].packet, held_[at].direction);
    if (chance(90)) held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(at));
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

// To one side or the other of the moment at which what was sent before runs out.
void World::wait_for_a_bound() {
  const Event* event = recent();
  if (event == nullptr) return;
  const auto bound = chance(10) ? one_of({kTcpEstablished})
                                : one_of({kTcpTransitory, kUdp, kUdpWellKnown, kEcho, kFragments});
  const auto off =
      one_of({nanoseconds(-1'000'000'001), nanoseconds(-1'000'000'000), nanoseconds(-1), nanoseconds(0),
              nanoseconds(1), nanoseconds(999'999'999), nanoseconds(1'000'000'000),
              nanoseconds(1'000'000'001), nanoseconds(2'000'000'000)});
  const Time base = chance(50) ? event->at : std::chrono::floor<seconds>(event->at);
  now_ = std::max(now_, base + bound + off);
  // Is it still there?
  if (!chance(70)) return;
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
