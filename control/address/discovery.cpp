#include "control/address/discovery.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "dataplane/net/address_blocks.hpp"

namespace gate41::address {
namespace {

// After a look that failed: 5 s, 10 s, ... up to the period.
constexpr std::chrono::seconds kFirstRetry{5};
constexpr unsigned kMaxDoublings = 10;

}  // namespace

const char* name_of(State state) {
  switch (state) {
    case State::no_interface: return "no_interface";
    case State::asking: return "asking";
    case State::found: return "found";
    case State::refused: return "refused";
    case State::failed: return "failed";
  }
  return "unknown";
}

Discovery::Discovery(Settings settings) : settings_(std::move(settings)) {}

void Discovery::configure(Settings settings, TimePoint now) {
  if (settings == settings_) return;
  settings_ = std::move(settings);
  if (interface_) look(now);
}

void Discovery::on_interface(std::optional<Ipv4Address> address, TimePoint now) {
  if (address == interface_) return;  // a renewed lease changes nothing
  interface_ = address;
  questions_.clear();
  failures_ = 0;
  next_look_.reset();
  if (!interface_) return lose(State::no_interface, "the WAN has no address");
  look(now);
}

bool Discovery::uses(Source source) const {
  return std::ranges::find(settings_.from, source) != settings_.from.end();
}

void Discovery::look(TimePoint now) {
  next_look_.reset();
  if (settings_.literal) return settle_on(*settings_.literal, now);
  for (const Source source : settings_.from) {
    if (source == Source::http && !settings_.urls.empty()) return ask_echoes(now);
    if (source == Source::interface && why_unusable(*interface_).empty()) return settle_on(*interface_, now);
  }
  refuse(uses(Source::interface) ? why_unusable(*interface_) : "no source of the external address is configured");
}

// Empty: it may be a site's address (A1, A22).
std::string Discovery::why_unusable(Ipv4Address address) const {
  const Ipv4Block* block = never_embed(address, LabAllow{settings_.lab_allow, {}});
  if (block == nullptr) return {};
  return fmt::format("{} cannot be a site's address: it is {} ({})", address.to_string(), block->prefix.to_string(),
                     block->name);
}

void Discovery::ask_echoes(TimePoint) {
  questions_.clear();
  for (const std::string& url : settings_.urls) {
    questions_.push_back({next_id_, url, std::nullopt});
    outputs_.emplace_back(Fetch{next_id_++, url});
  }
  if (!external_) state_ = State::asking;
}

void Discovery::on_answer(uint64_t id, const Result<std::string>& line, TimePoint now) {
  const auto question = std::ranges::find(questions_, id, &Question::id);
  if (question == questions_.end() || !question->open) return;
  question->open = false;
  if (line) question->answer = Ipv4Address::parse(*line);
  judge_answers(now);
}

// As soon as enough agree; a failure only when nobody is left to wait for.
void Discovery::judge_answers(TimePoint now) {
  for (const Question& question : questions_) {
    if (!question.answer) continue;
    const auto agree = std::ranges::count(questions_, question.answer, &Question::answer);
    if (static_cast<unsigned>(agree) < settings_.agree) continue;
    const Ipv4Address address = *question.answer;
    questions_.clear();
    return settle_on(address, now);
  }
  if (std::ranges::any_of(questions_, &Question::open)) return;
  questions_.clear();
  if (!external_ && uses(Source::interface) && why_unusable(*interface_).empty()) return settle_on(*interface_, now);
  const Duration wait = kFirstRetry * (1U << std::min(failures_++, kMaxDoublings));
  next_look_ = now + std::min<Duration>(wait, settings_.period);
  // An address that was found stays: echoes that are away say nothing about it.
  if (!external_) lose(State::failed, fmt::format("fewer than {} address echoes agree", settings_.agree));
}

void Discovery::settle_on(Ipv4Address external, TimePoint now) {
  failures_ = 0;
  const bool echoes = !settings_.literal && uses(Source::http) && !settings_.urls.empty() && external != *interface_;
  if (echoes) next_look_ = now + settings_.period;
  if (std::string why = why_unusable(external); !why.empty()) return refuse(std::move(why));
  const bool behind_nat = external != *interface_;
  if (behind_nat && !settings_.behind_nat_allowed)
    return refuse(fmt::format("behind a NAT: remote sites see {}, the WAN has {}", external.to_string(),
                              interface_->to_string()));
  const bool known = external_ == external && state_ == State::found;
  external_ = external;
  state_ = State::found;
  if (!known) outputs_.emplace_back(Found{external, behind_nat});
}

void Discovery::refuse(std::string why) { lose(State::refused, std::move(why)); }

void Discovery::lose(State state, std::string why) {
  state_ = state;
  why_ = std::move(why);
  if (std::exchange(external_, std::nullopt) || state != State::no_interface) outputs_.emplace_back(Lost{why_});
}

void Discovery::on_timer(TimePoint now) {
  if (!next_look_ || now < *next_look_ || !interface_) return;
  look(now);
}

std::optional<TimePoint> Discovery::next_deadline() const { return next_look_; }

std::vector<Output> Discovery::take_outputs() { return std::exchange(outputs_, {}); }

State Discovery::state() const { return state_; }

std::string Discovery::sentence(TimePoint now) const {
  const auto retry = [&]() -> std::string {
    if (!next_look_) return "";
    return fmt::format(", asked again in {} s",
                       std::chrono::duration_cast<std::chrono::seconds>(*next_look_ - now).count());
  };
  switch (state_) {
    case State::no_interface: return "the external address is not known: the WAN has no address";
    case State::asking: return fmt::format("asking {} address echoes for the external address", settings_.urls.size());
    case State::found:
      if (external_ == interface_) return external_->to_string() + " is the external address";
      return fmt::format("{} is the external address; behind NAT: the WAN has {}", external_->to_string(),
                         interface_->to_string());
    case State::refused: return "no external address: " + why_;
    case State::failed: return "no external address: " + why_ + retry();
  }
  return "";
}

}  // namespace gate41::address
