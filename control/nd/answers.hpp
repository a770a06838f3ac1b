// Neighbour advertisements that answer solicitations (RFC 4861 §7.2.4); those of anycast addresses wait 0..1
// s and don't override (§7.2.7, H39).
#pragma once

#include <map>
#include <vector>

#include "control/nd/context.hpp"
#include "control/nd/messages.hpp"
#include "control/nd/own_addresses.hpp"

namespace gate41::nd {

class Answers {
 public:
  Answers(Context& context, const OwnAddresses& own) : context_(context), own_(own) {}

  // To a solicitation of `target`, which is ours and ready. `source` may be ::, then all nodes get the
  // answer.
  void answer(const Ipv6Address& target, const Ipv6Address& source, const std::vector<MacAddress>& macs,
              TimePoint now);
  void on_timer(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;

 private:
  void send(const Advertisement& advertisement);

  Context& context_;
  const OwnAddresses& own_;
  std::multimap<TimePoint, Advertisement> delayed_;
};

}  // namespace gate41::nd
