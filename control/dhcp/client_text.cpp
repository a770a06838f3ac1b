// What the client says of itself.
#include <fmt/core.h>

#include "control/dhcp/client.hpp"

namespace gate41::dhcp {
namespace {

std::string lease_end(const Lease& lease, TimePoint now) {
  return fmt::format("lease ends in {} s", seconds_left(lease.expires, now));
}

std::string bound_text(const Lease& lease, const std::string& port, TimePoint now) {
  const std::string until = lease.renew_at == TimePoint::max()
                                ? "for ever"
                                : fmt::format("renewal in {} s", seconds_left(lease.renew_at, now));
  return fmt::format("bound to {} on {} by {}, {}", lease.address.to_string(), port, lease.server.to_string(),
                     until);
}

}  // namespace

std::string Client::tries_text(TimePoint now) const {
  return fmt::format("{} {}, next in {} s", tries_, tries_ == 1 ? "try" : "tries",
                     seconds_left(deadline_, now));
}

// What is wrong with a lease in use belongs to every state that has one.
std::string Client::sentence(const std::string& port, TimePoint now) const {
  const std::string text = state_text(port, now);
  return lease_ && !lease_->six_rd_ignored.empty() ? text + "; " + lease_->six_rd_ignored : text;
}

std::string Client::state_text(const std::string& port, TimePoint now) const {
  switch (state_) {
    case State::stopped:
      return fmt::format("DHCP is stopped on {}", port);
    case State::init:
      return fmt::format("waiting {} s before asking for an address on {} again: {}",
                         seconds_left(deadline_, now), port, wait_reason_);
    case State::selecting:
      return fmt::format("waiting for a DHCP offer on {} ({})", port, tries_text(now));
    case State::requesting:
      return fmt::format("waiting for {} to confirm {} on {} ({})", server_.to_string(), wanted_.to_string(),
                         port, tries_text(now));
    case State::init_reboot:
      return fmt::format("asking whether {} on {} may be kept ({})", wanted_.to_string(), port,
                         tries_text(now));
    case State::bound:
      return bound_text(*lease_, port, now);
    case State::renewing:
      return fmt::format("asking {} to renew {} on {} ({}, {})", lease_->server.to_string(),
                         lease_->address.to_string(), port, tries_text(now), lease_end(*lease_, now));
    case State::rebinding:
      return fmt::format("asking any server to renew {} on {} ({}, {})", lease_->address.to_string(), port,
                         tries_text(now), lease_end(*lease_, now));
  }
  return {};
}

const char* name_of(State state) {
  switch (state) {
    case State::stopped:
      return "stopped";
    case State::init:
      return "init";
    case State::selecting:
      return "selecting";
    case State::requesting:
      return "requesting";
    case State::init_reboot:
      return "init_reboot";
    case State::bound:
      return "bound";
    case State::renewing:
      return "renewing";
    case State::rebinding:
      return "rebinding";
  }
  return "unknown";
}

}  // namespace gate41::dhcp
