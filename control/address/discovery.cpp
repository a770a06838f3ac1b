#include "control/address/discovery.hpp"

#include <algorithm>
#include <fmt/core.h>
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
    case State::no_interface:
      return "no_interface";
    case State::asking:
      return "asking";
    case State::found:
      return "found";
    case State::refused:
      return "refused";
    case State::failed:
      return "failed";
  }
  return "unknown";
}

Discovery::Discovery(Settings settings) : settings_(std::move(settings)) {}

void Discovery::configure(Settings settings) {
  if (settings == settings_) return;
  const bool taken_back = settings_.literal && settings.literal != settings_.literal;
  settings_ = std::move(settings);
  if (!interface_) return;
  if (external_ && taken_back) lose(State::asking, "the configured external address was taken back");
  if (external_) adopt(*external_);  // it may be forbidden now
  look();
}

void Discovery::on_interface(std::optional<Ipv4Address> address) {
  if (address == interface_) return;  // a renewed lease changes nothing
  interface_ = address;
  questions_.clear();
  failures_ = 0;
  next_look_.reset();
  if (!interface_) return lose(State::no_interface, "the WAN has no address");
  if (external_) lose(State::asking, "the WAN's address has changed");
  look();
}

bool Discovery::uses(Source source) const {
  return std::ranges::find(settings_.from, source) != settings_.from.end();
}

bool Discovery::interface_will_do() const {
  return uses(Source::interface) && why_unusable(*interface_).empty();
}

void Discovery::look() {
  questions_.clear();
  next_look_.reset();
  if (settings_.literal) return adopt(*settings_.literal);
  for (const Source source : settings_.from) {
    if (source == Source::http && !settings_.urls.empty()) return ask_echoes();
    if (source == Source::interface && interface_will_do()) return adopt(*interface_);
  }
  lose(State::refused, uses(Source::interface) ? why_unusable(*interface_)
                                               : "no source of the external address is configured");
}

// Empty: it may be a site's address (A1, A22).
std::string Discovery::why_unusable(Ipv4Address address) const {
  const Ipv4Block* block = never_embed(address, LabAllow{settings_.lab_allow, {}});
  if (block == nullptr) return {};
  return fmt::format("{} cannot be a site's address: it is {} ({})", address.to_string(),
                     block->prefix.to_string(), block->name);
}

void Discovery::ask_echoes() {
  for (const std::string& url : settings_.urls) {
    questions_.push_back({next_id_, std::nullopt});
    outputs_.emplace_back(Fetch{next_id_++, url});
  }
  if (!external_) state_ = State::asking;
}

// An address that no site can have is no answer: somebody in between speaks.
void Discovery::on_answer(uint64_t id, const Result<std::string>& line, TimePoint now) {
  const auto question = std::ranges::find(questions_, id, &Question::id);
  if (question == questions_.end() || !question->open) return;
  question->open = false;
  if (line) question->answer = Ipv4Address::parse(*line);
  if (question->answer && !why_unusable(*question->answer).empty()) question->answer.reset();
  judge_answers(now);
}

// As soon as enough agree; a failure only when nobody is left to wait for.
void Discovery::judge_answers(TimePoint now) {
  for (const Question& question : questions_) {
    if (!question.answer) continue;
    const auto agree = std::ranges::count(questions_, question.answer, &Question::answer);
    if (static_cast<unsigned>(agree) >= settings_.agree) return agreed_on(*question.answer, now);
  }
  if (std::ranges::none_of(questions_, &Question::open)) disagreed(now);
}

void Discovery::agreed_on(Ipv4Address external, TimePoint now) {
  questions_.clear();
  failures_ = 0;
  next_look_ = now + settings_.period;
  adopt(external);
}

// An address that was found stays: echoes that are away say nothing about it.
void Discovery::disagreed(TimePoint now) {
  questions_.clear();
  const Duration wait = kFirstRetry * (1U << std::min(failures_++, kMaxDoublings));
  next_look_ = now + std::min<Duration>(wait, settings_.period);
  if (external_) return;
  if (interface_will_do()) return adopt(*interface_);
  lose(State::failed, fmt::format("fewer than {} address echoes agree on a usable address", settings_.agree));
}

void Discovery::adopt(Ipv4Address external) {
  if (const std::string why = why_unusable(external); !why.empty()) return lose(State::refused, why);
  const bool behind_nat = external != *interface_;
  if (behind_nat && !settings_.behind_nat_allowed)
    return lose(State::refused, fmt::format("behind a NAT: remote sites see {}, the WAN has {}",
                                            external.to_string(), interface_->to_string()));
  state_ = State::found;
  if (external_ == external) return;
  external_ = external;
  outputs_.emplace_back(Found{external, behind_nat});
}

// Told once: a look that fails like the one before is no news.
void Discovery::lose(State state, const std::string& why) {
  const bool news = external_ || why != why_;
  state_ = state;
  why_ = why;
  external_.reset();
  if (news) outputs_.emplace_back(Lost{why_});
}

void Discovery::on_timer(TimePoint now) {
  if (next_look_ && now >= *next_look_) look();
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
    case State::no_interface:
      return "the external address is not known: the WAN has no address";
    case State::asking:
      return fmt::format("asking {} address echoes for the external address", settings_.urls.size());
    case State::found:
      if (external_ == interface_) return external_->to_string() + " is the external address";
      return fmt::format("{} is the external address; behind NAT: the WAN has {}", external_->to_string(),
                         interface_->to_string());
    case State::refused:
      return "no external address: " + why_;
    case State::failed:
      return "no external address: " + why_ + retry();
  }
  return "";
}

}  // namespace gate41::address
