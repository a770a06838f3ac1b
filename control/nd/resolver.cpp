#include "control/nd/resolver.hpp"

#include <algorithm>

namespace gate41::nd {
namespace {

// H33. A host's first packet pays a token; a sweep pays for itself only.
constexpr Duration kNewSolicitationInterval = std::chrono::milliseconds(10);
constexpr unsigned kNewSolicitationBurst = 100;
// A watched neighbour that has died is known within this and three probes a second apart.
constexpr Duration kConfirmWatched = std::chrono::seconds(3);
// Somebody who is only asked for does not push out a neighbour that was needed this lately.
constexpr Duration kKeptFromSweeps = std::chrono::minutes(10);

// With two MACs in question, odd solicitations go to the first.
const MacAddress& probed_mac(const Neighbour& neighbour) {
  const bool second = neighbour.alternative && neighbour.solicitations % 2 == 0;
  return second ? *neighbour.alternative : neighbour.mac;
}

unsigned max_solicitations(const Neighbour& neighbour) {
  return neighbour.alternative ? 2 * kMaxSolicitations : kMaxSolicitations;
}

}  // namespace

Resolver::Resolver(Context& context, const OwnAddresses& own)
    : context_(context),
      own_(own),
      table_(context.settings.max_neighbours, context.settings.max_incomplete),
      new_resolutions_(kNewSolicitationInterval, kNewSolicitationBurst),
      new_choices_(kNewSolicitationInterval, kNewSolicitationBurst) {}

void Resolver::on_packet(const Ipv6Address& destination, PacketHandle packet, TimePoint now) {
  Neighbour* neighbour = table_.find(destination);
  if (neighbour == nullptr) return resolve(destination, packet, now);
  if (!neighbour->is_usable()) return wait(*neighbour, packet);
  context_.emit(Resume{packet});  // it became usable while the packet was on its way up
  on_used({destination}, now);
}

void Resolver::resolve(const Ipv6Address& destination, PacketHandle packet, TimePoint now) {
  Neighbour* neighbour = start_resolving(destination, now);
  if (neighbour == nullptr) return context_.emit(Discard{packet, false});
  wait(*neighbour, packet);
}

Neighbour* Resolver::start_resolving(const Ipv6Address& destination, TimePoint now) {
  const bool possible = !destination.is_multicast() && !destination.is_unspecified() &&
                        !own_.is_own(destination) && !table_.is_full_of_incomplete();
  if (!possible || !new_resolutions_.take(now) || !make_room(now - kKeptFromSweeps)) return nullptr;
  Neighbour& neighbour = table_.add(destination, now);
  solicit(neighbour, now);
  return &neighbour;
}

void Resolver::watch(const Ipv6Address& destination, TimePoint now) {
  Neighbour* neighbour = table_.find(destination);
  if (neighbour == nullptr) {
    (void)start_resolving(destination, now);
  } else if (neighbour->is_usable() && neighbour->state() != NeighbourState::probe) {
    table_.needed(*neighbour, now);
    if (now >= neighbour->last_confirmed + kConfirmWatched) start_probing(*neighbour, now);
  }
}

void Resolver::wait(Neighbour& neighbour, PacketHandle packet) {
  neighbour.waiting.push_back(packet);
  if (neighbour.waiting.size() <= context_.settings.queue_per_neighbour) return;
  context_.emit(Discard{neighbour.waiting.front(), false});
  neighbour.waiting.pop_front();
}

void Resolver::on_used(const std::vector<Ipv6Address>& destinations, TimePoint now) {
  for (const Ipv6Address& destination : destinations) {
    Neighbour* neighbour = table_.find(destination);
    if (neighbour == nullptr || !neighbour->is_usable()) continue;
    table_.needed(*neighbour, now);
    if (neighbour->state() == NeighbourState::stale)
      table_.enter(*neighbour, NeighbourState::delay, now + kDelayFirstProbe);
  }
}

void Resolver::on_sighting(const Ipv6Address& source, const Sighting& sighting, bool router_solicitation,
                           TimePoint now) {
  if (sighting.differs()) ++context_.lladdr_mismatches;
  Neighbour* neighbour = table_.find(source);
  if (neighbour == nullptr) return learn_unknown(source, sighting, false, now);
  const Lladdr lladdr = judge(source, sighting, now);
  if (router_solicitation) neighbour->is_router = false;
  if (neighbour->is_usable() && lladdr.covers(neighbour->mac)) return refresh(*neighbour, lladdr, now);
  learn(*neighbour, lladdr, false, now);
}

void Resolver::on_advertised(const Advertised& advertised, TimePoint now) {
  Neighbour* neighbour = table_.find(advertised.target);
  if (neighbour == nullptr) {
    if (advertised.sighting) learn_unknown(advertised.target, *advertised.sighting, advertised.router, now);
  } else if (neighbour->is_usable()) {
    answer_known(*neighbour, advertised, now);
  } else {
    answer_incomplete(*neighbour, advertised, now);
  }
}

// RFC 4861 §7.2.5: without a link-layer address there is nothing to learn; Override does not matter.
void Resolver::answer_incomplete(Neighbour& neighbour, const Advertised& advertised, TimePoint now) {
  if (!advertised.sighting) return;
  neighbour.is_router = advertised.router;
  learn(neighbour, judge(neighbour.address, *advertised.sighting, now), advertised.solicited, now);
}

// RFC 4861 §7.2.5 and Appendix C.
void Resolver::answer_known(Neighbour& neighbour, const Advertised& advertised, TimePoint now) {
  std::optional<Lladdr> lladdr;
  if (advertised.sighting) lladdr = judge(neighbour.address, *advertised.sighting, now);
  const bool other_mac = lladdr && !lladdr->covers(neighbour.mac);
  if (other_mac && !advertised.override_cached) {
    if (neighbour.state() == NeighbourState::reachable) table_.enter(neighbour, NeighbourState::stale, now);
    return;
  }
  neighbour.is_router = advertised.router;
  if (lladdr) neighbour.mismatch = lladdr->mismatch;
  if (other_mac) return learn(neighbour, *lladdr, advertised.solicited, now);
  if (advertised.solicited) confirm(neighbour, now);
}

// A solicitation's source, or an advertisement that nobody asked for (RFC 9131 §6.1.1): the first packets for
// it need not wait. Off-link addresses don't become neighbours.
void Resolver::learn_unknown(const Ipv6Address& address, const Sighting& sighting, bool is_router,
                             TimePoint now) {
  if (!own_.is_on_link(address) || !make_room(now)) return;
  const Lladdr lladdr = judge(address, sighting, now);
  Neighbour& neighbour = table_.add(address, now);
  neighbour.is_router = is_router;
  learn(neighbour, lladdr, false, now);
}

Lladdr Resolver::judge(const Ipv6Address& address, const Sighting& sighting, TimePoint now) {
  const Lladdr lladdr =
      lladdr_of(context_.settings.lladdr_source, sighting, may_use_ether_source(address, sighting));
  const Neighbour* neighbour = table_.find(address);
  if (lladdr.mismatch && (neighbour == nullptr || !neighbour->mismatch))
    context_.event("neighbour " + address.to_string() + " says " + sighting.option.to_string() +
                       ", its frames come from " + sighting.ether_source.to_string(),
                   now);
  return lladdr;
}

// X20: a MAC that answers for somebody else under another option is his, unless this neighbour has it
// already.
bool Resolver::may_use_ether_source(const Ipv6Address& address, const Sighting& sighting) const {
  if (!sighting.differs() || context_.settings.lladdr_source != LladdrSource::automatic) return true;
  if (sighting.ether_source == context_.settings.mac) return false;
  const auto& all = table_.all();
  const auto self = all.find(address);
  if (self != all.end() && self->second.is_usable() && self->second.mac == sighting.ether_source) return true;
  return std::ranges::none_of(all, [&](const auto& entry) {
    const Neighbour& other = entry.second;
    return other.confirmed && other.mac == sighting.ether_source && other.claim != sighting.option;
  });
}

// H33: the table is bounded, and whoever is needed stays.
bool Resolver::make_room(TimePoint idle_since) {
  if (!table_.is_full()) return true;
  Neighbour* idlest = table_.idlest(idle_since);
  if (idlest == nullptr) return false;
  drop(*idlest, false);
  return true;
}

// A neighbour's MAC is new or another one.
void Resolver::learn(Neighbour& neighbour, const Lladdr& lladdr, bool confirmed, TimePoint now) {
  neighbour.mac = lladdr.mac;
  neighbour.claim = lladdr.option;
  neighbour.alternative = lladdr.alternative;
  neighbour.mismatch = lladdr.mismatch;
  neighbour.confirmed = false;
  context_.emit(NeighbourUsable{neighbour.address, neighbour.mac});
  for (PacketHandle packet : std::exchange(neighbour.waiting, {})) context_.emit(Resume{packet});
  if (neighbour.alternative && new_choices_.take(now)) return start_probing(neighbour, now);
  if (confirmed) return become_reachable(neighbour, now);
  table_.enter(neighbour, NeighbourState::stale, now);
}

// What is said of a neighbour agrees with the MAC that we have.
void Resolver::refresh(Neighbour& neighbour, const Lladdr& lladdr, TimePoint now) {
  neighbour.claim = lladdr.option;
  neighbour.mismatch = lladdr.mismatch;
  const auto other = lladdr.alternative == neighbour.mac ? lladdr.mac : lladdr.alternative;
  const bool changed = std::exchange(neighbour.alternative, other) != other;
  const bool undecided = neighbour.state() == NeighbourState::probe ? changed : !neighbour.confirmed;
  if (other && undecided && new_choices_.take(now)) start_probing(neighbour, now);
}

void Resolver::confirm(Neighbour& neighbour, TimePoint now) {
  const bool by_alternative =
      neighbour.state() == NeighbourState::probe && probed_mac(neighbour) != neighbour.mac;
  if (by_alternative) {
    std::swap(neighbour.mac, *neighbour.alternative);
    context_.emit(NeighbourUsable{neighbour.address, neighbour.mac});
    context_.event("neighbour " + neighbour.address.to_string() + " answers at " + neighbour.mac.to_string() +
                       ", not at " + neighbour.alternative->to_string(),
                   now);
  }
  become_reachable(neighbour, now);
}

void Resolver::become_reachable(Neighbour& neighbour, TimePoint now) {
  neighbour.confirmed = true;
  neighbour.last_confirmed = now;
  table_.needed(neighbour, now);
  table_.enter(neighbour, NeighbourState::reachable,
               now + context_.between(kReachable / 2, kReachable * 3 / 2));
}

void Resolver::start_probing(Neighbour& neighbour, TimePoint now) {
  neighbour.solicitations = 0;
  table_.enter(neighbour, NeighbourState::probe, now);
  solicit(neighbour, now);
}

void Resolver::on_timer(TimePoint now) {
  while (Neighbour* neighbour = table_.next_due(now)) expire(*neighbour, now);
}

void Resolver::expire(Neighbour& neighbour, TimePoint now) {
  if (neighbour.state() == NeighbourState::reachable)
    return table_.enter(neighbour, NeighbourState::stale, now);
  if (neighbour.state() == NeighbourState::delay) return start_probing(neighbour, now);
  if (neighbour.solicitations >= max_solicitations(neighbour)) return drop(neighbour, true);
  solicit(neighbour, now);
}

// Without an address of ours that is ready, the turn passes without a frame.
void Resolver::solicit(Neighbour& neighbour, TimePoint now) {
  ++neighbour.solicitations;
  table_.enter(neighbour, neighbour.state(), now + kRetransmit);
  const auto source = own_.source();
  if (!source) return;
  const MacAddress& own_mac = context_.settings.mac;
  context_.emit(SendFrame{
      neighbour.is_usable() ? unicast_solicitation(own_mac, *source, neighbour.address, probed_mac(neighbour))
                            : multicast_solicitation(own_mac, *source, neighbour.address)});
}

void Resolver::drop(Neighbour& neighbour, bool unreachable) {
  for (PacketHandle packet : neighbour.waiting) context_.emit(Discard{packet, unreachable});
  if (neighbour.is_usable()) context_.emit(NeighbourGone{neighbour.address});
  table_.remove(neighbour);
}

void Resolver::flush() {
  while (!table_.all().empty()) drop(*table_.find(table_.all().begin()->first), false);
}

std::optional<MacAddress> Resolver::mac_of(const Ipv6Address& address) {
  const Neighbour* neighbour = table_.find(address);
  return neighbour != nullptr && neighbour->is_usable() ? std::optional(neighbour->mac) : std::nullopt;
}

std::vector<NeighbourInfo> Resolver::list() const {
  std::vector<NeighbourInfo> list;
  list.reserve(table_.all().size());
  for (const auto& [address, neighbour] : table_.all())
    list.push_back({address, neighbour.mac, neighbour.state(), neighbour.is_router, neighbour.mismatch,
                    neighbour.last_confirmed});
  return list;
}

}  // namespace gate41::nd
