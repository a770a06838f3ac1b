#include "control/ping/run.hpp"

namespace gate41::ping {
namespace {

// The sequence wraps within its 16 bits.
uint32_t token_of(uint32_t first, std::size_t number) {
  return (first & 0xffff0000U) | static_cast<uint16_t>(first + number);
}

}  // namespace

std::optional<std::size_t> Run::number_of(uint32_t token) const {
  if (token >> 16U != identifier()) return std::nullopt;
  const std::size_t number = static_cast<uint16_t>(token - token_);
  return number < sent_ ? std::optional(number) : std::nullopt;
}

bool Run::on_answer(const Answer& answer, TimePoint now) {
  const auto number = number_of(answer.token);
  if (over_ || !number || answer.own != ends_.source) return false;
  if (answer.target && *answer.target != ends_.destination) return false;
  answered(*number, answer, now);
  return true;
}

bool Run::on_dropped(const Request& request, DropReason reason, uint16_t mtu, TimePoint now) {
  const auto number = number_of(request.token);
  if (over_ || !number || request.source != ends_.source || request.destination != ends_.destination)
    return false;
  dropped(*number, reason, mtu, now);
  return true;
}

void Run::send(uint8_t hop_limit) {
  packets_.push_back(
      echowire::build_request({ends_.source, ends_.destination, token_of(token_, sent_), size_, hop_limit}));
  ++sent_;
}

void Run::tell(Event event) {
  over_ = over_ || is_last(event);
  events_.push_back(std::move(event));
}

}  // namespace gate41::ping
