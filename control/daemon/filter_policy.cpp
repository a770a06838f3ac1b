#include "control/daemon/filter_policy.hpp"

#include <fmt/format.h>

#include "config/scalars.hpp"

namespace gate41 {
namespace {

Profile profile_of(config::Profile profile) {
  switch (profile) {
    case config::Profile::strict:
      break;
    case config::Profile::simple_security:
      return Profile::simple_security;
    case config::Profile::transparent:
      return Profile::transparent;
  }
  return Profile::strict;
}

// X7.
bool echo_allowed(const config::Filter& filter) {
  if (filter.allow_echo != config::ByProfile::automatic) return filter.allow_echo == config::ByProfile::yes;
  return filter.profile != config::Profile::strict;
}

bool is_endpoint_independent(const config::Filter& filter) {
  if (filter.mapping != config::Mapping::automatic)
    return filter.mapping == config::Mapping::endpoint_independent;
  return filter.profile == config::Profile::simple_security;
}

uint32_t seconds(config::Seconds duration) { return static_cast<uint32_t>(duration.count()); }

Timeouts timeouts_of(const config::FilterTimeouts& timeouts) {
  return {.tcp_established = seconds(timeouts.tcp_established),
          .tcp_transitory = seconds(timeouts.tcp_transitory),
          .udp = seconds(timeouts.udp),
          .udp_well_known = seconds(timeouts.udp_well_known),
          .icmpv6_echo = seconds(timeouts.icmpv6_echo),
          .generic = seconds(timeouts.generic),
          .sctp_established = seconds(timeouts.sctp_established),
          .sctp_transitory = seconds(timeouts.sctp_transitory),
          .dccp_established = seconds(timeouts.dccp_established),
          .dccp_transitory = seconds(timeouts.dccp_transitory)};
}

std::string text_of(config::Seconds duration) {
  return config::duration_text(static_cast<uint64_t>(duration.count()) * 1000);
}

}  // namespace

Policy filter_policy(const config::Filter& filter) {
  Policy policy;
  policy.profile = profile_of(filter.profile);
  policy.allow_echo = echo_allowed(filter);
  policy.endpoint_independent = is_endpoint_independent(filter);
  policy.timeouts = timeouts_of(filter.timeouts);
  return policy;
}

std::string filter_sentence(const config::Filter& filter) {
  const bool echo = echo_allowed(filter);
  const std::string ports = is_endpoint_independent(filter) && filter.profile != config::Profile::transparent
                                ? "; ports that it uses are open to everybody"
                                : "";
  switch (filter.profile) {
    case config::Profile::strict:
      break;
    case config::Profile::simple_security:
      return fmt::format(
          "simple-security: the LAN opens connections{}; IPsec, IKE, HIP{} and pinholes come in too", ports,
          echo ? ", echo requests" : "");
    case config::Profile::transparent:
      return fmt::format("transparent: everybody opens connections to the LAN{}; hosts protect themselves",
                         echo ? "" : ", but sends no echo requests");
  }
  return fmt::format("strict: the LAN opens connections{}, nothing else comes in but {}pinholes", ports,
                     echo ? "echo requests and " : "");
}

std::vector<std::string> short_timers(const config::FilterTimeouts& timeouts) {
  std::vector<std::string> sentences;
  for (const config::FilterTimeout& one : config::kFilterTimeouts)
    if (timeouts.*one.value < one.least)
      sentences.push_back(fmt::format("filter.timeouts.{} is {}, less than the {} that hosts may count on",
                                      one.name, text_of(timeouts.*one.value), text_of(one.least)));
  return sentences;
}

}  // namespace gate41
