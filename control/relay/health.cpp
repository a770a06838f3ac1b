#include "control/relay/health.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

namespace gate41::relay {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds kHurriedGap{1000};

auto find(auto& relays, Ipv4Address address) {
  return std::find_if(relays.begin(), relays.end(),
                      [&](const auto& relay) { return relay.info.address == address; });
}

}  // namespace

const char* name_of(State state) {
  switch (state) {
    case State::unknown:
      return "unknown";
    case State::alive:
      return "alive";
    case State::dead:
      return "dead";
  }
  return "?";
}

Health::Health(uint64_t seed) : random_(seed) {}

void Health::configure(Settings settings, TimePoint now) {
  const bool same_source = settings.own == settings_.own && settings.form == settings_.form;
  settings.misses = std::max(settings.misses, 1U);
  settings_ = std::move(settings);
  std::vector<Relay> relays;
  for (std::size_t i = 0; i < settings_.relays.size(); ++i) {
    relays.push_back(adopt(settings_.relays[i], same_source, now));
    relays.back().second = i < settings_.second.size() ? settings_.second[i] : std::nullopt;
    relays.back().asks_second &= relays.back().second.has_value();
  }
  relays_ = std::move(relays);
  choose();
  on_timer(now);
}

// A relay that stays keeps its verdict and schedule. Answers to probes from another source will not come, so
// a new one goes out at once and none is missed.
Health::Relay Health::adopt(Ipv4Address address, bool same_source, TimePoint now) const {
  const auto known = find(relays_, address);
  Relay relay = known == relays_.end() ? Relay{{address}, {}, now, now} : *known;
  relay.next = same_source ? std::min(relay.next, relay.last + gap(relay)) : now;
  if (!same_source) relay.open.clear();
  return relay;
}

void Health::stop() {
  relays_.clear();
  settings_ = {};
  choose();
}

milliseconds Health::gap(const Relay& relay) const {
  const bool hurry = relay.hurried || relay.info.state == State::unknown;
  return hurry ? std::min(kHurriedGap, settings_.interval) : settings_.interval;
}

void Health::on_timer(TimePoint now) {
  for (Relay& relay : relays_) {
    if (relay.next > now) continue;
    count_miss(relay);
    probe(relay, now);
  }
  choose();
}

void Health::count_miss(Relay& relay) {
  if (relay.open.empty()) return;
  ++relay.info.misses;
  relay.asks_second = relay.second && !relay.asks_second;
  if (relay.info.misses < settings_.misses) return;
  relay.info.state = State::dead;
  relay.info.rtt.reset();
  relay.hurried = false;
}

void Health::probe(Relay& relay, TimePoint now) {
  const auto token = static_cast<uint32_t>(random_() >> 32U);
  const Question asked = question(relay);
  outputs_.emplace_back(
      SendPacket{relay.info.address, build_probe(asked.form, settings_.own, asked.target, token)});
  relay.open.push_back({asked.form == ProbeForm::neighbour ? std::nullopt : std::optional(token), now});
  if (relay.open.size() > settings_.misses) relay.open.erase(relay.open.begin());
  relay.last = now;
  relay.next = now + gap(relay);
}

Question Health::first(const Relay& relay) const {
  return {settings_.form, probe_target(settings_.form, settings_.own, settings_.peer, relay.info.address)};
}

Question Health::question(const Relay& relay) const {
  return relay.asks_second ? *relay.second : first(relay);
}

bool Health::is_asked_at(const Relay& relay, const Ipv6Address& target) const {
  return target == first(relay).target || (relay.second && target == relay.second->target);
}

std::optional<Answer> Health::read(Bytes ipv6) const {
  if (const auto answer = read_answer(settings_.form, ipv6, settings_.own)) return answer;
  for (const Relay& relay : relays_) {
    if (!relay.second) continue;
    if (const auto answer = read_answer(relay.second->form, ipv6, settings_.own)) return answer;
  }
  return std::nullopt;
}

bool Health::on_packet(Bytes ipv6, TimePoint now) {
  const auto answer = read(ipv6);
  if (!answer) return false;
  bool known = false;
  for (Relay& relay : relays_)
    if (!answer->target || is_asked_at(relay, *answer->target)) known |= answered(relay, answer->token, now);
  choose();
  return known;
}

bool Health::answered(Relay& relay, std::optional<uint32_t> token, TimePoint now) {
  const auto probe = std::find_if(relay.open.rbegin(), relay.open.rend(),
                                  [&](const Probe& open) { return open.token == token; });
  if (probe == relay.open.rend()) return false;
  relay.info.state = State::alive;
  relay.info.misses = 0;
  relay.info.rtt = std::chrono::duration_cast<microseconds>(now - probe->sent);
  relay.hurried = false;
  relay.open.clear();
  relay.next = relay.last + settings_.interval;
  return true;
}

// A relay that is gone answers each probe with an error: while probes are hurried already, that changes
// nothing, and no number of errors makes us send more than one probe a second.
void Health::on_unreachable(Ipv4Address address, TimePoint now) {
  const auto relay = find(relays_, address);
  if (relay == relays_.end() || relay->info.state != State::alive) return;
  relay->hurried = true;
  relay->next = std::min(relay->next, std::max(now, relay->last + gap(*relay)));
  on_timer(now);
}

void Health::choose() {
  const auto first = std::find_if(relays_.begin(), relays_.end(),
                                  [](const Relay& relay) { return relay.info.state == State::alive; });
  const auto live = first == relays_.end() ? std::nullopt : std::optional(first->info.address);
  if (live == live_) return;
  live_ = live;
  outputs_.emplace_back(LiveRelay{live_});
}

std::optional<TimePoint> Health::next_deadline() const {
  std::optional<TimePoint> earliest;
  for (const Relay& relay : relays_) earliest = std::min(earliest.value_or(relay.next), relay.next);
  return earliest;
}

std::vector<Output> Health::take_outputs() { return std::exchange(outputs_, {}); }

std::vector<RelayInfo> Health::relays() const {
  std::vector<RelayInfo> infos;
  for (const Relay& relay : relays_) infos.push_back(relay.info);
  return infos;
}

std::string Health::verdict(const Relay& relay) const {
  const RelayInfo& info = relay.info;
  const auto text = info.address.to_string();
  if (info.state == State::dead) return fmt::format("{} is dead ({} probes unanswered)", text, info.misses);
  if (info.state == State::unknown)
    return fmt::format("{} has not answered yet ({} of {} misses)", text, info.misses, settings_.misses);
  const auto rtt = static_cast<double>(info.rtt.value_or(microseconds(0)).count()) / 1000;
  return info.misses == 0 ? fmt::format("{} is alive ({:.1f} ms)", text, rtt)
                          : fmt::format("{} is alive ({} of {} misses)", text, info.misses, settings_.misses);
}

std::string Health::sentence(TimePoint now) const {
  if (relays_.empty()) return "no relay to probe";
  std::string text = "no relay is alive: ";
  if (live_) text = relays_.size() == 1 ? "relay " : fmt::format("using relay {}: ", live_->to_string());
  for (const Relay& relay : relays_)
    text += fmt::format("{}{}", verdict(relay), &relay == &relays_.back() ? "" : ", ");
  const auto wait = std::chrono::ceil<seconds>(std::max(*next_deadline() - now, Duration::zero()));
  return fmt::format("{}; next probe in {} s", text, wait.count());
}

}  // namespace gate41::relay
