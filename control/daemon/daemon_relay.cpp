// Daemon: what only the relay role does: native routes from the kernel, kernel routes for routing daemons.
#include <algorithm>
#include <fmt/core.h>

#include "control/daemon/component_states.hpp"
#include "control/daemon/daemon.hpp"

namespace gate41 {
namespace {

// Time for the routing daemon to tell its neighbours, and for packets under way.
constexpr Duration kDrain = std::chrono::milliseconds(500);

}  // namespace

Result<void> Daemon::make_relay_parts() {
  const std::string native = lans_.front()->interface();
  loop::RouteOffer::Routes routes{native, Wan::kInterface, std::nullopt};
  if (config_.relay->anycast) routes.anycast = loop::anycast_prefix(*config_.relay->anycast);
  offer_ = std::make_unique<loop::RouteOffer>(platform_.network, std::move(routes));
  native_routes_ = std::make_unique<NativeRoutes>(platform_, *platform_.dataplane.routes());
  return native_routes_->open(native);
}

// B4: held while everything that a site needs of this relay works, gone in the moment in which it does not.
void Daemon::settle_offer(TimePoint now) {
  if (!offer_ || !std::exchange(offer_due_, false)) return;
  const std::vector<ComponentState> states = component_states(*this, now);
  const auto wrong = std::ranges::find(states, false, &ComponentState::ok);
  if (wrong != states.end()) return withdraw_offer(now, wrong->sentence);
  if (offer_->held()) return;
  if (const Result<void> held = offer_->hold(site_.tunnels.front().plan.domain.prefix); !held)
    platform_.events.warn(now, held.error().message);
  else
    platform_.events.add(now, fmt::format("healthy: {} may be announced", offer_->to_string()));
}

void Daemon::renew_offer(TimePoint now) {
  if (const Result<void> renewed = offer_->renew(); !renewed)
    platform_.events.warn(now, renewed.error().message);
}

void Daemon::withdraw_offer(TimePoint now, const std::string& why) {
  if (!offer_ || !offer_->held()) return;
  drained_at_ = now + kDrain;
  if (const Result<void> gone = offer_->withdraw(); !gone) platform_.events.warn(now, gone.error().message);
  platform_.events.warn(now, fmt::format("{} may not be announced any more: {}", offer_->to_string(), why));
}

}  // namespace gate41
