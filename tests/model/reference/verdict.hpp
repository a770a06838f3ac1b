// What a filter says of a packet. The names are those under which the product counts.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace gate41::model {

enum class Verdict : uint8_t {
  pass,
  multicast_not_forwarded,
  policy_source_multicast,
  policy_source_not_lan,
  policy_source_withdrawn,
  policy_forbidden_block,
  filter_unsolicited,
  filter_flow_barred,
  filter_icmpv6_type,
  filter_error_unrelated,
  filter_tcp_invalid,
  filter_tcp_window,
  filter_tcp_no_flow,
  filter_sctp_invalid,
  filter_sctp_tag,
  filter_sctp_no_flow,
  filter_dccp_invalid,
  filter_dccp_no_flow,
  filter_fragment,
  fragment_malformed,
  fragment_too_long,
  fragment_overlap,
  fragment_duplicate,
  other,  // what no rule of the filter leads to
};

inline constexpr std::array<std::string_view, 24> kVerdictNames = {
    "pass",
    "multicast_not_forwarded",
    "policy_source_multicast",
    "policy_source_not_lan",
    "policy_source_withdrawn",
    "policy_forbidden_block",
    "filter_unsolicited",
    "filter_flow_barred",
    "filter_icmpv6_type",
    "filter_error_unrelated",
    "filter_tcp_invalid",
    "filter_tcp_window",
    "filter_tcp_no_flow",
    "filter_sctp_invalid",
    "filter_sctp_tag",
    "filter_sctp_no_flow",
    "filter_dccp_invalid",
    "filter_dccp_no_flow",
    "filter_fragment",
    "fragment_malformed",
    "fragment_too_long",
    "fragment_overlap",
    "fragment_duplicate",
    "other",
};
static_assert(kVerdictNames.size() == static_cast<std::size_t>(Verdict::other) + 1);

[[nodiscard]] constexpr std::string_view name_of(Verdict verdict) {
  return kVerdictNames[static_cast<std::size_t>(verdict)];
}

}  // namespace gate41::model
