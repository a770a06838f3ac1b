#include "control/ra/advertiser.hpp"

#include <algorithm>
#include <utility>

#include "control/ndwire/options.hpp"
#include "control/ndwire/received.hpp"
#include "dataplane/net/headers.hpp"
#include "dataplane/net/parse.hpp"

namespace gate41::ra {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

// Two solicitations, in case one is lost. Who hears one answers within half a second (RFC 4861 §6.2.6),
// unless he has just advertised: whoever does so later makes us stand back then. The end is drawn at random,
// so that of two gateways that start together one speaks first and the other hears it.
constexpr unsigned kSolicitations = 2;
constexpr milliseconds kSolicitationGap{500};
constexpr milliseconds kListenAtLeast{1000};
constexpr milliseconds kListenAtMost{1500};
constexpr unsigned kAnnouncements = 3;  // H13, H19
constexpr unsigned kGoodbyes = 3;       // H18, when standing back

std::vector<Ipv6Prefix> prefixes_of(const Content& content) {
  std::vector<Ipv6Prefix> prefixes;
  for (const Prefix& prefix : content.prefixes) prefixes.push_back(prefix.prefix);
  return prefixes;
}

// Whoever passes frames on may pass all of the link's.
bool claims_router_discovery(Bytes frame) {
  const ParsedPacket packet = parse_frame(frame);
  return packet.ok() && packet.l4.protocol == ip_proto::kIcmpv6 &&
         (packet.l4.icmp_type == icmpv6_type::kRouterSolicitation ||
          packet.l4.icmp_type == icmpv6_type::kRouterAdvertisement);
}

bool same_but_for_times(const Content& a, const Content& b) {
  return prefixes_of(a) == prefixes_of(b) && a.routes == b.routes && a.default_router == b.default_router;
}

std::optional<TimePoint> earlier(std::optional<TimePoint> a, std::optional<TimePoint> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

// What a lease that got shorter or longer means for hosts. Both contents have the same prefixes.
bool has_shorter_times(const Content& before, const Content& after, TimePoint now) {
  for (std::size_t i = 0; i < before.prefixes.size(); ++i) {
    const TimePoint told = std::min(before.prefixes[i].valid_until, now + kValidLifetime);
    if (after.prefixes[i].valid_until < told) return true;
  }
  return false;
}

bool has_longer_times(const Content& before, const Content& after) {
  for (std::size_t i = 0; i < before.prefixes.size(); ++i)
    if (after.prefixes[i].valid_until > before.prefixes[i].valid_until) return true;
  return false;
}

// When half of the shortest preferred lifetime that goes out at `now` is over.
TimePoint half_life(const Content& content, TimePoint now) {
  Duration shortest = kPreferredLifetime;
  for (const Prefix& prefix : content.prefixes) shortest = std::min(shortest, prefix.valid_until - now);
  return now + std::max(shortest / 2, Duration::zero());
}

}  // namespace

const char* name_of(State state) {
  switch (state) {
    case State::stopped:
      return "stopped";
    case State::listening:
      return "listening";
    case State::held:
      return "held";
    case State::advertising:
      return "advertising";
    case State::stopping:
      return "stopping";
  }
  return "?";
}

Advertiser::Advertiser(Settings settings, uint64_t seed) : settings_(std::move(settings)), schedule_(seed) {}

// ---- states ----

void Advertiser::start(TimePoint now) { enter_listening(now); }

void Advertiser::enter_listening(TimePoint now) {
  state_ = State::listening;
  schedule_.clear();
  spoken_ = false;
  goodbye_.left = 0;
  solicitations_left_ = kSolicitations;
  next_solicitation_ = now;
  listen_until_ = now + schedule_.between(kListenAtLeast, kListenAtMost);
}

void Advertiser::enter_advertising(TimePoint now) {
  state_ = State::advertising;
  announce(kAnnouncements, now);
}

void Advertiser::enter_held(TimePoint now) {
  state_ = State::held;
  schedule_.clear();
  goodbye_ = {spoken_ ? kGoodbyes : 0, true, schedule_.earliest_multicast(now)};
  announce(kAnnouncements, now);
}

void Advertiser::enter_stopped() {
  state_ = State::stopped;
  schedule_.clear();
  goodbye_.left = 0;
}

// X19: the first final RA at once, even when the last RA was less than 3 s ago; power may be off in a moment.
void Advertiser::stop(unsigned final_ras, bool deprecate, TimePoint now) {
  if (state_ != State::advertising || !spoken_ || final_ras == 0) return enter_stopped();
  state_ = State::stopping;
  schedule_.clear();
  goodbye_ = {final_ras, deprecate, now};
  say_goodbye(now);
}

void Advertiser::say_goodbye(TimePoint now) {
  if (goodbye_.left > 0 && goodbye_.due <= now) {
    send(final_of(current(now), goodbye_.deprecate), all_nodes());
    schedule_.note_multicast(now);
    --goodbye_.left;
    goodbye_.due = schedule_.earliest_multicast(now);
  }
  if (state_ == State::stopping && goodbye_.left == 0) enter_stopped();
}

// ---- what is advertised ----

void Advertiser::set_content(Content content, TimePoint now) {
  const bool same = same_but_for_times(content_, content);
  const bool shorter = same && has_shorter_times(content_, content, now);
  const bool longer = same && has_longer_times(content_, content);
  withdrawn_.routes.replace(content_.routes, content.routes, now + kValidLifetime);
  content_ = std::move(content);
  const auto valid = prefixes_of(content_);
  std::erase_if(stale_, [&](const StalePrefix& stale) {
    return std::find(valid.begin(), valid.end(), stale.prefix) != valid.end();
  });
  if (!same) announce(kAnnouncements, now);
  if (shorter) announce(1, now);
  if (longer) refresh();
}

void Advertiser::add_stale(StalePrefix stale, TimePoint now) {
  if (stale.until <= now) return;
  const auto known = std::find_if(stale_.begin(), stale_.end(),
                                  [&](const StalePrefix& old) { return old.prefix == stale.prefix; });
  if (known != stale_.end()) {
    known->until = std::max(known->until, stale.until);
    return;
  }
  stale_.push_back(stale);
  announce(kAnnouncements, now);
}

void Advertiser::update_settings(Settings settings, TimePoint now) {
  if (settings == settings_) return;
  const TimePoint until = now + kValidLifetime;
  withdrawn_.rdnss.replace(settings_.rdnss, settings.rdnss, until);
  withdrawn_.dnssl.replace(settings_.dnssl, settings.dnssl, until);
  settings_ = std::move(settings);
  announce(kAnnouncements, now);
  watch_others(now);
}

void Advertiser::announce(unsigned count, TimePoint now) {
  const bool withdraws = state_ == State::held && !stale_.empty();
  if (withdraws || (state_ == State::advertising && has_something_to_say())) schedule_.announce(count, now);
}

// A renewal is no news (H16), unless hosts would see the lifetimes that they know run low.
void Advertiser::refresh() {
  if (state_ == State::advertising && spoken_) schedule_.bring_forward(refresh_due_);
}

// A gateway that has no prefix yet keeps silent, so that the first RA can be the one that matters.
bool Advertiser::has_something_to_say() const {
  return spoken_ || !content_.prefixes.empty() || !content_.routes.empty() || !stale_.empty();
}

Advertisement Advertiser::current(TimePoint now) const {
  return compose(settings_, content_, stale_, withdrawn_, now);
}

void Advertiser::send(const Advertisement& advertisement, const Host& to) {
  for (auto& frame : encode(advertisement, self(), to, settings_.link_mtu)) {
    outputs_.emplace_back(SendFrame{std::move(frame)});
    ++sent_;
  }
  spoken_ = true;
}

// ---- what is received ----

void Advertiser::on_frame(Bytes frame, TimePoint now) {
  if (state_ == State::stopped) return;
  const auto received = ndwire::read_nd(frame);
  if (!received) {
    if (claims_router_discovery(frame)) ++invalid_;
    return;
  }
  if (received->source == settings_.link_local || received->ether_source == settings_.mac) return;
  if (received->type == icmpv6_type::kRouterSolicitation) on_solicitation(*received, now);
  if (received->type == icmpv6_type::kRouterAdvertisement) on_advertisement(*received, now);
}

// The answer goes to the host alone when its MAC is beyond doubt; behind a bridge that rewrites addresses
// (W1) it would be lost, a multicast is not.
void Advertiser::on_solicitation(const ndwire::Received& received, TimePoint now) {
  const auto sllao = ndwire::find_lladdr(received.options, ndwire::option_type::kSourceLladdr);
  if (received.source.is_unspecified() &&
      ndwire::find_option(received.options, ndwire::option_type::kSourceLladdr)) {
    ++invalid_;
    return;
  }
  if (sllao) outputs_.emplace_back(SolicitedBy{received.source, *sllao, received.ether_source});
  if (state_ != State::advertising || !has_something_to_say()) return;
  if (sllao == received.ether_source)
    schedule_.answer({received.source, received.ether_source}, now);
  else
    schedule_.answer_all(now);
}

void Advertiser::on_advertisement(const ndwire::Received& received, TimePoint now) {
  if (!received.source.is_link_local()) {
    ++invalid_;
    return;
  }
  auto difference = others_.on_advertisement(received, current(now), now);
  if (difference) outputs_.emplace_back(OtherRouter{received.source, std::move(*difference)});
  watch_others(now);
}

// One that is no default router itself competes with nobody (X29).
bool Advertiser::must_hold() const {
  return settings_.when_others == WhenOthers::hold && settings_.default_route && others_.default_router();
}

void Advertiser::watch_others(TimePoint now) {
  const bool hold = must_hold();
  if (hold && (state_ == State::listening || state_ == State::advertising)) enter_held(now);
  if (!hold && state_ == State::held) enter_listening(now);
}

// ---- time ----

void Advertiser::on_timer(TimePoint now) {
  if (state_ == State::stopped) return;
  forget_old(now);
  watch_others(now);
  if (state_ == State::listening) listen(now);
  if (state_ == State::advertising) advertise(now);
  if (state_ == State::held || state_ == State::stopping) say_goodbye(now);
  if (state_ == State::held) withdraw(now);
}

void Advertiser::forget_old(TimePoint now) {
  others_.expire(now);
  withdrawn_.expire(now);
  std::erase_if(stale_, [&](const StalePrefix& stale) { return stale.until <= now; });
}

void Advertiser::listen(TimePoint now) {
  if (now >= listen_until_ && address_ready_) return enter_advertising(now);
  if (solicitations_left_ == 0 || next_solicitation_ > now) return;
  outputs_.emplace_back(SendFrame{encode_solicitation(settings_.mac)});
  --solicitations_left_;
  next_solicitation_ = now + kSolicitationGap;
}

void Advertiser::advertise(TimePoint now) {
  if (schedule_.take_multicast(settings_.max_interval, now)) {
    send(current(now), all_nodes());
    refresh_due_ = half_life(content_, now);
  }
  for (const Host& host : schedule_.take_unicasts(now)) send(current(now), host);
}

// P25: prefixes of ours that are no more are nobody else's to withdraw.
void Advertiser::withdraw(TimePoint now) {
  if (stale_.empty()) return schedule_.clear();
  if (schedule_.take_multicast(settings_.max_interval, now)) send(final_of(current(now), false), all_nodes());
}

std::optional<TimePoint> Advertiser::next_deadline() const {
  if (state_ == State::stopped) return std::nullopt;
  std::optional<TimePoint> next = earlier(schedule_.next(), others_.next_expiry());
  for (const StalePrefix& stale : stale_) next = earlier(next, stale.until);
  if (goodbye_.left > 0) next = earlier(next, goodbye_.due);
  if (state_ != State::listening) return next;
  if (solicitations_left_ > 0) next = earlier(next, next_solicitation_);
  return address_ready_ ? earlier(next, listen_until_) : next;
}

std::vector<Output> Advertiser::take_outputs() { return std::exchange(outputs_, {}); }

}  // namespace gate41::ra
