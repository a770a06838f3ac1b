#include "control/dhcp/wan_search.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <utility>

#include "control/dhcp/message.hpp"

namespace gate41::dhcp {
namespace {

// Longer than a slow server takes: its answer is to this try, not to the next.
constexpr Duration kShortestTry = WanSearch::kSlowServer + std::chrono::milliseconds(500);
constexpr unsigned kLongestAfter = 3;  // tries: 4, 8, then always 16 s apart, since somebody waits for it

ClientMessage discover(const Settings& client, uint32_t xid) {
  ClientMessage message = message_from(client, MessageType::discover, xid);
  message.broadcast = true;  // nothing here has an address
  return message;
}

}  // namespace

WanSearch::WanSearch(std::array<Settings, kLinks> clients, uint64_t seed)
    : clients_(std::move(clients)), random_(seed) {}

void WanSearch::start(TimePoint now) { ask(now); }

void WanSearch::on_link_up(TimePoint now) {
  if (wan_) return;
  tries_ = 0;
  ask(now);
}

void WanSearch::ask(TimePoint now) {
  servers_ = {};
  for (std::size_t link = 0; link < kLinks; ++link) {
    xids_[link] = static_cast<uint32_t>(random_());
    questions_.push_back({link, encode(discover(clients_[link], xids_[link]))});
  }
  ++tries_;
  judged_at_ = now + kSlowServer;
  asks_again_ = now + std::max(answer_delay(std::min(tries_, kLongestAfter), random_), kShortestTry);
}

void WanSearch::on_packet(std::size_t link, Bytes payload, TimePoint now) {
  const auto reply = decode_reply(payload);
  if (wan_ || !reply || reply->type != MessageType::offer) return;
  if (reply->xid != xids_[link] || reply->mac != clients_[link].mac) return;
  if (!servers_[link]) servers_[link] = reply->server;
  judge(now);
}

void WanSearch::on_timer(TimePoint now) {
  if (wan_) return;
  judge(now);
  if (!wan_ && now >= asks_again_) ask(now);
}

void WanSearch::judge(TimePoint now) {
  if (answers() == kLinks) {
    both_ = true;
    both_servers_ = {*servers_[0], *servers_[1]};
  } else if (answers() == 1 && now >= judged_at_) {
    both_ = false;
    wan_ = first_answered();
  }
}

std::size_t WanSearch::answers() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(servers_, [](const auto& server) { return server.has_value(); }));
}

std::size_t WanSearch::first_answered() const { return servers_[0] ? 0 : 1; }

TimePoint WanSearch::next_deadline() const {
  if (wan_) return TimePoint::max();
  return answers() == 1 ? std::min(judged_at_, asks_again_) : asks_again_;
}

std::vector<WanSearch::Question> WanSearch::take_questions() { return std::exchange(questions_, {}); }

WanSearch::Verdict WanSearch::verdict() const {
  if (wan_) return Verdict::found;
  if (both_) return Verdict::both_answer;
  return answers() == 1 ? Verdict::one_answers : Verdict::silence;
}

std::optional<std::size_t> WanSearch::likely_wan() const {
  return verdict() == Verdict::one_answers ? first_answered() : wan_;
}

std::string WanSearch::sentence(const std::array<std::string, kLinks>& links, TimePoint now) const {
  const std::size_t one = wan_.value_or(first_answered());
  switch (verdict()) {
    case Verdict::silence:
      return fmt::format(
          "no DHCP server answers on {} or {} yet, so which is the WAN is not known ({} {}, next in {} s)",
          links[0], links[1], tries_, tries_ == 1 ? "try" : "tries", seconds_left(asks_again_, now));
    case Verdict::one_answers:
      return fmt::format("DHCP is answered on {}; {} has {} s more to answer too", links[one], links[1 - one],
                         seconds_left(judged_at_, now));
    case Verdict::both_answer:
      if (both_servers_[0] == both_servers_[1])
        return fmt::format("the same DHCP server, {}, answers on {} and on {}: both are on one network",
                           both_servers_[0].to_string(), links[0], links[1]);
      return fmt::format("DHCP servers answer on {} ({}) and on {} ({}), so which is the WAN can't be told",
                         links[0], both_servers_[0].to_string(), links[1], both_servers_[1].to_string());
    case Verdict::found:
      return fmt::format("{} is the WAN: DHCP is answered there, and not on {}", links[one], links[1 - one]);
  }
  return {};
}

}  // namespace gate41::dhcp
