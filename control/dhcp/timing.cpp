#include "control/dhcp/timing.hpp"

#include <algorithm>

namespace gate41::dhcp {
namespace {

using std::chrono::seconds;

constexpr seconds kFirstDelay{4};
constexpr seconds kJitter{1};
constexpr unsigned kMaxDoublings = 4;  // 64 s
constexpr seconds kMinRenewalDelay{60};

// Evenly out of [-limit, limit].
Duration fuzz(Duration limit, Random& random) {
  return Duration(std::uniform_int_distribution<Duration::rep>(-limit.count(), limit.count())(random));
}

}  // namespace

Duration answer_delay(unsigned tries, Random& random) {
  const unsigned doublings = std::min(tries - 1, kMaxDoublings);
  return kFirstDelay * (1U << doublings) + fuzz(kJitter, random);
}

Duration renewal_delay(Duration remaining) { return std::max<Duration>(remaining / 2, kMinRenewalDelay); }

LeaseTimes lease_times(TimePoint start, const GivenTimes& given, Random& random) {
  if (given.lease == kInfiniteLease) return {TimePoint::max(), TimePoint::max(), TimePoint::max()};
  const Duration lease = seconds(given.lease);
  const Duration usual_renewal = lease / 2 + fuzz(lease / 64, random);
  const Duration usual_rebinding = lease / 8 * 7 + fuzz(lease / 64, random);
  const Duration renewal = given.renewal ? seconds(*given.renewal) : usual_renewal;
  const Duration rebinding = given.rebinding ? seconds(*given.rebinding) : usual_rebinding;
  const bool in_order = Duration::zero() < renewal && renewal < rebinding && rebinding < lease;
  if (!in_order) return {start + usual_renewal, start + usual_rebinding, start + lease};
  return {start + renewal, start + rebinding, start + lease};
}

}  // namespace gate41::dhcp
