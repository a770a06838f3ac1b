#include "tests/model/generator/world.hpp"

namespace gate41::model {
namespace {

Prefix some_prefix(World& world) {
  if (world.chance(25))
    return {{Place::site, static_cast<uint8_t>(world.below(2))}, world.one_of<uint8_t>({0, 8})};
  return {{Place::net, static_cast<uint8_t>(world.below(4))}, world.one_of<uint8_t>({0, 1, 2, 8})};
}

}  // namespace

Policy World::some_policy() {
  Policy policy;
  policy.pinholes = some_pinholes();
  if (has(Feature::profiles)) {
    policy.profile = one_of({Profile::strict, Profile::simple_security, Profile::transparent});
    if (chance(40)) policy.echo = chance(50);
  } else {
    policy.echo = chance(30);
  }
  if (has(Feature::mapping)) {
    if (chance(60)) policy.endpoint_independent = chance(60);
  } else {
    policy.endpoint_independent = false;
  }
  if (has(Feature::timers) && chance(50)) policy.timers = some_timers();
  timers_ = policy.timers;
  return policy;
}

Timers World::some_timers() {
  const auto some = [this] {
    return one_of({seconds(1), seconds(2), seconds(7), seconds(30), seconds(90), seconds(600)});
  };
  Timers timers;
  for (seconds* one : {&timers.tcp_established, &timers.tcp_transitory, &timers.udp, &timers.udp_well_known,
                       &timers.echo, &timers.generic, &timers.sctp_established, &timers.sctp_transitory,
                       &timers.dccp_established, &timers.dccp_transitory})
    if (chance(60)) *one = some();
  return timers;
}

std::vector<Pinhole> World::some_pinholes() {
  const std::initializer_list<Pinhole> all = {
      {{Place::lan, 0}, protocol::tcp, 443, 443},     {{Place::lan, 0}, protocol::udp, 5000, 5010},
      {{Place::lan, 1}, protocol::tcp, 8000, 8099},   {{Place::lan, 1}, protocol::udp, 53, 53},
      {{Place::lan, 1}, protocol::icmpv6, 0, 0xffff}, {{Place::lan, 2}, protocol::tcp, 0, 0xffff},
      {{Place::lan, 2}, protocol::tcp, 22, 22},       {{Place::lan, 3}, protocol::udp, 0, 1023},
  };
  const std::initializer_list<Pinhole> others = {
      {{Place::lan, 0}, protocol::sctp, 1, 5000},
      {{Place::lan, 1}, protocol::sctp, 0, 0xffff},
      {{Place::lan, 0}, protocol::dccp, 5000, 0xffff},
      {{Place::lan, 2}, protocol::dccp, 0, 0xffff},
      {{Place::lan, 0}, protocol::udp_lite, 0, 8000},
      {{Place::lan, 3}, protocol::udp_lite, 53, 53},
      {{Place::lan, 1}, protocol::esp},
      {{Place::lan, 2}, protocol::ah},
      {{Place::lan, 3}, protocol::hip},
      {{Place::lan, 0}, protocol::gre},
      {{Place::lan, 1}, protocol::ospf},
      {{Place::lan, 3}, protocol::icmpv6, 0, 0xffff},
  };
  std::vector<Pinhole> pinholes;
  for (const Pinhole& pinhole : all)
    if (chance(60)) pinholes.push_back(pinhole);
  if (!has(Feature::pinholes)) return pinholes;
  for (const Pinhole& pinhole : others)
    if (chance(50)) pinholes.push_back(pinhole);
  for (Pinhole& pinhole : pinholes)
    if (chance(30)) pinhole.from = some_prefix(*this);
  return pinholes;
}

}  // namespace gate41::model
