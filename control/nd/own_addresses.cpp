#include "control/nd/own_addresses.hpp"

#include <algorithm>
#include <utility>

namespace gate41::nd {
namespace {

constexpr unsigned kProbesAfterEcho = kMaxSolicitations;  // RFC 7527 §4.2
// RFC 4862 §5.4.5 leaves a duplicate to an administrator: here there may be none for years, and whoever had
// the address may be gone.
constexpr Duration kTriedAgainAfter = std::chrono::minutes(5);

bool joined(const OwnAddress& own) { return own.state == OwnState::probing || own.state == OwnState::ready; }

}  // namespace

void OwnAddresses::add(const Ipv6Address& address, bool anycast, TimePoint now) {
  const auto [entry, added] = addresses_.try_emplace(address, OwnAddress{.anycast = anycast});
  if (!added) return;
  if (!anycast) {
    entry->second.due = now + context_.delay(kMaxDadDelay);
    return;
  }
  mld_.join(solicited_node(address), now);
  become_ready(*entry, now);
}

void OwnAddresses::remove(const Ipv6Address& address, TimePoint now) {
  const auto found = addresses_.find(address);
  if (found == addresses_.end()) return;
  const bool leaves = joined(found->second);
  addresses_.erase(found);
  if (leaves) mld_.leave(solicited_node(address), now);
  mld_.set_source(ready_link_local(), now);
}

const OwnAddress* OwnAddresses::find(const Ipv6Address& address) const {
  const auto found = addresses_.find(address);
  return found == addresses_.end() ? nullptr : &found->second;
}

bool OwnAddresses::is_own(const Ipv6Address& address) const {
  const OwnAddress* own = find(address);
  return own != nullptr && own->state != OwnState::duplicate;
}

bool OwnAddresses::is_ready(const Ipv6Address& address) const {
  const OwnAddress* own = find(address);
  return own != nullptr && own->state == OwnState::ready;
}

Ipv6Address OwnAddresses::ready_link_local() const {
  const auto found = std::ranges::find_if(addresses_, [](const Entry& entry) {
    return entry.first.is_link_local() && !entry.second.anycast && entry.second.state == OwnState::ready;
  });
  return found == addresses_.end() ? Ipv6Address{} : found->first;
}

std::optional<Ipv6Address> OwnAddresses::source() const {
  if (const Ipv6Address link_local = ready_link_local(); !link_local.is_unspecified()) return link_local;
  const auto found = std::ranges::find_if(addresses_, [](const Entry& entry) {
    return !entry.second.anycast && entry.second.state == OwnState::ready;
  });
  return found == addresses_.end() ? std::nullopt : std::optional(found->first);
}

bool OwnAddresses::is_on_link(const Ipv6Address& address) const {
  if (address.is_link_local()) return true;
  return std::ranges::any_of(addresses_,
                             [&](const Entry& entry) { return entry.first.high() == address.high(); });
}

bool OwnAddresses::on_probe(const Ipv6Address& address, Bytes nonce, const MacAddress& sender,
                            TimePoint now) {
  const auto found = addresses_.find(address);
  if (found == addresses_.end() || found->second.state == OwnState::duplicate) return false;
  const bool echo = std::ranges::any_of(found->second.nonces,
                                        [&](const Nonce& sent) { return std::ranges::equal(sent, nonce); });
  if (echo) {
    on_echo(*found, now);
    return false;
  }
  if (found->second.state == OwnState::ready) return true;
  become_duplicate(*found, sender, now);
  return false;
}

void OwnAddresses::on_advertised(const Ipv6Address& address, const MacAddress& sender, TimePoint now) {
  const auto found = addresses_.find(address);
  if (found == addresses_.end()) return;
  if (found->second.is_tentative()) return become_duplicate(*found, sender, now);
  if (found->second.state == OwnState::ready && !found->second.anycast && sender != context_.settings.mac)
    context_.event(address.to_string() + " is ours, and " + sender.to_string() + " claims it too", now);
}

void OwnAddresses::on_timer(TimePoint now) {
  for (Entry& entry : addresses_) {
    if (!entry.second.due || *entry.second.due > now) continue;
    if (entry.second.state == OwnState::duplicate)
      entry.second = OwnAddress{.due = now, .taken_by = entry.second.taken_by};
    if (entry.second.state == OwnState::waiting) mld_.join(solicited_node(entry.first), now);
    if (entry.second.state == OwnState::ready) {
      announce(entry, now);
    } else if (entry.second.probes_left > 0) {
      probe(entry, now);
    } else {
      become_ready(entry, now);
    }
  }
}

std::optional<TimePoint> OwnAddresses::next_deadline() const {
  std::optional<TimePoint> due;
  for (const Entry& entry : addresses_) due = earlier(due, entry.second.due);
  return due;
}

void OwnAddresses::probe(Entry& entry, TimePoint now) {
  OwnAddress& own = entry.second;
  own.state = OwnState::probing;
  --own.probes_left;
  own.due = now + kRetransmit;
  const uint64_t drawn = context_.draw();
  std::memcpy(own.nonces.emplace_back().data(), &drawn, sizeof(Nonce));
  context_.emit(SendFrame{dad_solicitation(context_.settings.mac, entry.first, own.nonces.back())});
}

void OwnAddresses::become_ready(Entry& entry, TimePoint now) {
  entry.second.state = OwnState::ready;
  entry.second.due.reset();
  context_.emit(AddressReady{entry.first});
  mld_.set_source(ready_link_local(), now);
  if (!entry.second.anycast) announce(entry, now);
}

// Caches that hold the address with another MAC, of the machine that had it before, follow at once.
void OwnAddresses::announce(Entry& entry, TimePoint now) {
  context_.emit(SendFrame{advertisement(context_.settings.mac, {.target = entry.first,
                                                                .source = entry.first,
                                                                .destination = kAllNodes,
                                                                .ether_destination = multicast_mac(kAllNodes),
                                                                .solicited = false})});
  const bool more = --entry.second.announcements_left > 0;
  entry.second.due = more ? std::optional(now + kRetransmit) : std::nullopt;
}

void OwnAddresses::become_duplicate(Entry& entry, const MacAddress& other, TimePoint now) {
  const bool leaves = joined(entry.second);
  entry.second.state = OwnState::duplicate;
  entry.second.due = now + kTriedAgainAfter;
  context_.emit(AddressDuplicate{entry.first, other});
  if (std::exchange(entry.second.taken_by, other) != other)
    context_.event(entry.first.to_string() + " is in use by " + other.to_string() + ": not used here", now);
  if (leaves) mld_.leave(solicited_node(entry.first), now);
}

// RFC 7527 §4.2: more probes, to be sure that there is nobody but the echo. A link that returns all of them
// does not keep the address from being used.
void OwnAddresses::on_echo(Entry& entry, TimePoint now) {
  OwnAddress& own = entry.second;
  if (own.looped || own.state != OwnState::probing) return;
  own.looped = true;
  own.probes_left = kProbesAfterEcho;
  context_.event("the link returns our own frames: probing " + entry.first.to_string() + " again", now);
}

}  // namespace gate41::nd
