#include "control/broker/updater.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <string_view>
#include <utility>

#include "control/broker/answer.hpp"
#include "dataplane/base/time_text.hpp"

namespace gate41::broker {
namespace {

using std::chrono::seconds;

constexpr unsigned kMaxDoublings = 7;  // 128 min, over kLongestRetry

// RFC 3986 §2.3: everything but the unreserved characters.
std::string escaped(std::string_view text) {
  constexpr std::string_view kUnreserved = "-._~";
  std::string result;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       kUnreserved.find(c) != std::string_view::npos;
    result += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return result;
}

std::string update_url(const Settings& settings, std::optional<Ipv4Address> address) {
  const char separator = settings.url.find('?') == std::string::npos ? '?' : '&';
  std::string url = fmt::format("{}{}hostname={}", settings.url, separator, escaped(settings.host));
  if (address) url += "&myip=" + address->to_string();
  return url;
}

// "tb.example" of "https://tb.example:443/nic/update".
std::string_view host_of(std::string_view url) {
  url.remove_prefix(std::min(url.find("://") + 3, url.size()));
  return url.substr(0, url.find_first_of(":/?"));
}

}  // namespace

const char* name_of(State state) {
  switch (state) {
    case State::waiting:
      return "waiting";
    case State::due:
      return "due";
    case State::asking:
      return "asking";
    case State::updated:
      return "updated";
    case State::failed:
      return "failed";
    case State::refused:
      return "refused";
  }
  return "unknown";
}

Updater::Updater(Settings settings, uint64_t seed)
    : settings_(std::move(settings)), random_(seed), last_id_(seed) {}

void Updater::configure(Settings settings, TimePoint now) {
  const bool same = settings == settings_;
  settings_ = std::move(settings);
  if (!same) accepted_.reset();
  if (!place_ || (same && state_ != State::refused && state_ != State::failed)) return;
  ask_soon(now);
}

void Updater::on_place(std::optional<Place> place, TimePoint now) {
  if (place == place_) return;
  place_ = place;
  if (place_ && place_ == accepted_) return rest();
  if (place_) return ask_soon(now);
  state_ = State::waiting;
  next_.reset();
}

// The broker has it.
void Updater::rest() {
  state_ = State::updated;
  next_ = due_;
}

void Updater::ask_soon(TimePoint now) {
  state_ = State::due;
  failures_ = 0;
  next_ = asked_at_ ? std::max(now, *asked_at_ + kMinGap) : now;
  on_timer(now);
}

void Updater::on_timer(TimePoint now) {
  if (next_ && now >= *next_) ask(now);
}

void Updater::ask(TimePoint now) {
  state_ = State::asking;
  asked_at_ = now;
  next_.reset();
  accepted_.reset();
  told_ = address_to_send();
  requests_.push_back({++last_id_, update_url(settings_, told_)});
}

std::optional<Ipv4Address> Updater::address_to_send() const {
  const bool behind_nat = place_->external != place_->wan;
  const bool omitted = settings_.send_address == SendAddress::no ||
                       (settings_.send_address == SendAddress::automatic && behind_nat);
  return omitted ? std::nullopt : place_->external;
}

void Updater::on_answer(uint64_t id, const Result<std::string>& line, TimePoint now) {
  if (state_ != State::asking || id != last_id_) return;
  if (!line) return fail_for_now(shown(line.error().message), seconds(0), now);
  Answer answer = read_answer(*line);
  switch (answer.verdict) {
    case Verdict::accepted:
      text_ = std::move(answer.text);
      failures_ = 0;
      accepted_ = place_;
      due_ = now + settings_.period;
      return rest();
    case Verdict::refused:
      state_ = State::refused;
      text_ = std::move(answer.text);
      return;
    case Verdict::overloaded:
      return fail_for_now(std::move(answer.text), kRetryWhenOverloaded, now);
    case Verdict::senseless:
      return fail_for_now(std::move(answer.text), seconds(0), now);
  }
}

void Updater::fail_for_now(std::string why, seconds least, TimePoint now) {
  state_ = State::failed;
  text_ = std::move(why);
  const seconds doubled = std::min(kFirstRetry * (1U << std::min(failures_++, kMaxDoublings)), kLongestRetry);
  const seconds wait = std::max(doubled, least);
  std::uniform_int_distribution<int64_t> later(0, wait.count() / 2);
  next_ = now + wait + seconds(later(random_));
}

std::optional<TimePoint> Updater::next_deadline() const { return next_; }

std::vector<Request> Updater::take_requests() { return std::exchange(requests_, {}); }

// "11.0.0.2 for 123456", as the last request said.
std::string Updater::target_text() const {
  return fmt::format("{} for {}", told_ ? told_->to_string() : "the address that it sees", settings_.host);
}

std::string Updater::sentence(TimePoint now) const {
  const std::string_view broker = host_of(settings_.url);
  switch (state_) {
    case State::waiting:
      return fmt::format("the broker {} is told once our address is known", broker);
    case State::due:
      return fmt::format("the broker {} is told our address in {}", broker, time_left(*next_, now));
    case State::asking:
      return fmt::format("telling the broker {}: {}", broker, target_text());
    case State::updated:
      return fmt::format("the broker {} has {} ({}), told again in {}", broker, target_text(), text_,
                         time_left(*next_, now));
    case State::failed:
      return fmt::format("the broker {} was not told {}: {}; again in {}", broker, target_text(), text_,
                         time_left(*next_, now));
    case State::refused:
      return fmt::format(
          "the broker {} refuses {}: {}; not asked again until the address or the "
          "configuration changes",
          broker, target_text(), text_);
  }
  return "";
}

}  // namespace gate41::broker
