#include "tests/unit/tunnel/rfc3964.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <cstdlib>

namespace gate41::testing {

V4 v4(const std::string& text) {
  V4 address{};
  if (inet_pton(AF_INET, text.c_str(), address.data()) != 1) std::abort();
  return address;
}

V6 v6(const std::string& text) {
  V6 address{};
  if (inet_pton(AF_INET6, text.c_str(), address.data()) != 1) std::abort();
  return address;
}

namespace {

bool is_one_of(const std::vector<V4>& list, const V4& a) {
  return std::find(list.begin(), list.end(), a) != list.end();
}

// --- §5.3.1 and IANA's registry: 0/8, 10/8, 100.64/10, 127/8, 169.254/16, 172.16/12, ...

bool is_special(const V4& a) {
  if (a[0] == 0 || a[0] == 10 || a[0] == 127 || a[0] >= 224) return true;
  if (a[0] == 100 && a[1] >= 64 && a[1] <= 127) return true;
  if (a[0] == 169 && a[1] == 254) return true;
  if (a[0] == 172 && a[1] >= 16 && a[1] <= 31) return true;
  if (a[0] == 192 && a[1] == 0 && (a[2] == 0 || a[2] == 2)) return true;
  if (a[0] == 192 && a[1] == 88 && a[2] == 99) return true;
  if (a[0] == 192 && a[1] == 168) return true;
  if (a[0] == 198 && (a[1] == 18 || a[1] == 19)) return true;
  if (a[0] == 198 && a[1] == 51 && a[2] == 100) return true;
  return a[0] == 203 && a[1] == 0 && a[2] == 113;
}
bool is_wan_edge(const V4& a) { return a[0] == 11 && a[1] == 0 && a[2] == 0 && (a[3] == 0 || a[3] == 255); }
bool is_insane(const V4& a) { return is_special(a) || is_wan_edge(a); }

bool is_own_on_wire(const Router& r, const V4& a) { return a == r.local || is_one_of(r.anycast, a); }
bool is_own(const Router& r, const V4& a) { return is_own_on_wire(r, a) || a == r.external; }

// B9: on the wire 192.88.99.1 and the configured relays may stand where no site may.
bool is_insane_peer(const Router& r, const V4& a) {
  return is_insane(a) && a != V4{192, 88, 99, 1} && !is_one_of(r.relays, a);
}
bool is_unlisted(const Router& r, const V4& a) {
  if (!r.is_relay || r.sites.empty()) return false;
  return !std::any_of(r.sites.begin(), r.sites.end(),
                      [&](const V4& s) { return s[0] == a[0] && s[1] == a[1] && s[2] == a[2]; });
}

// --- §5.3.2 and G16

unsigned group(const V6& a, std::size_t i) { return a[2 * i] * 256U + a[2 * i + 1]; }
bool is_link_local(const V6& a) { return group(a, 0) >= 0xfe80 && group(a, 0) <= 0xfebf; }
bool is_insane(const V6& a) {
  const unsigned first = group(a, 0);
  if (first == 0 || first == 0x5f00 || (first >= 0xfc00 && first <= 0xfdff) || first >= 0xfe80) return true;
  if (first == 0x64 && group(a, 1) == 0xff9b && group(a, 2) == 1) return true;
  if (first == 0x100 && group(a, 1) == 0 && group(a, 2) == 0 && group(a, 3) == 0) return true;
  if (first == 0x2001 && group(a, 1) == 2 && group(a, 2) == 0) return true;
  if (first == 0x2001 && group(a, 1) >= 0x10 && group(a, 1) <= 0x1f) return true;
  if (first == 0x2001 && group(a, 1) == 0xdb8) return true;
  return first == 0x3fff && group(a, 1) <= 0x0fff;
}

bool is_2002(const V6& a) { return a[0] == 0x20 && a[1] == 0x02; }
V4 inside(const V6& a) { return {a[2], a[3], a[4], a[5]}; }
bool ends_in_0_or_1(const V6& a) {
  return std::all_of(a.begin() + 6, a.end() - 1, [](uint8_t byte) { return byte == 0; }) && a[15] <= 1;
}
// X22
bool is_own_relay_form(const Router& r, const V6& a) {
  return r.is_relay && is_2002(a) && ends_in_0_or_1(a) && is_own_on_wire(r, inside(a));
}
bool is_known_relay_form(const Router& r, const V6& a) {
  return is_2002(a) && ends_in_0_or_1(a) && is_one_of(r.relays, inside(a));
}
// X3: behind a NAT the world writes `external` where the wire has `local`.
V4 public_face(const Router& r, const V4& wire) { return wire == r.local ? r.external : wire; }

using enum Rule::Where;
constexpr Path kIn = Path::decapsulate;
constexpr Path kOut = Path::encapsulate;
using R = const Router&;
using C = const Cell&;

const std::vector<Rule> kRules = {
    {both, kIn, "C12 C16", DropReason::outer_destination,
     [](R r, C c) {
       const V4& d = c.destination_v4;
       return !is_own_on_wire(r, d) &&
              (is_wan_edge(d) || (d[0] >= 224 && d[0] <= 239) || d == V4{255, 255, 255, 255});
     }},
    {both, kIn, "D20 C8 C9", DropReason::tunnel_unmatched,
     [](R r, C c) { return !is_own_on_wire(r, c.destination_v4); }},
    {both, kIn, "C5 Q1", DropReason::outer_source_own, [](R r, C c) { return is_own(r, c.source_v4); }},
    {both, kIn, "C5 C11 C12 B9", DropReason::outer_source_forbidden,
     [](R r, C c) { return is_insane_peer(r, c.source_v4); }},
    {relay, kIn, "A17", DropReason::site_unlisted, [](R r, C c) { return is_unlisted(r, c.source_v4); }},
    {both, kIn, "A8 C25", DropReason::inner_link_local, [](R, C c) { return is_link_local(c.source); }},
    {both, kIn, "C6 C13 D29", DropReason::inner_source_forbidden, [](R, C c) { return is_insane(c.source); }},
    {both, kIn, "C15 K6 Q1", DropReason::inner_source_own,
     [](R r, C c) { return is_2002(c.source) && is_own(r, inside(c.source)); }},
    {both, kIn, "C14 G17", DropReason::inner_source_embeds_forbidden,
     [](R r, C c) {
       return is_2002(c.source) && is_insane(inside(c.source)) && !is_known_relay_form(r, c.source);
     }},
    {both, kIn, "A8 C25", DropReason::inner_link_local, [](R, C c) { return is_link_local(c.destination); }},
    {both, kIn, "C6 C13 C17", DropReason::inner_destination_forbidden,
     [](R, C c) { return is_insane(c.destination); }},
    {both, kIn, "C14 G17 X22", DropReason::inner_destination_embeds_forbidden,
     [](R r, C c) {
       return is_2002(c.destination) && is_insane(inside(c.destination)) &&
              !is_own_relay_form(r, c.destination);
     }},
    {both, kIn, "C10", DropReason::inner_native_native,
     [](R, C c) { return !is_2002(c.source) && !is_2002(c.destination); }},
    {both, kIn, "C8 C9 C19", DropReason::inner_source_mismatch,
     [](R, C c) { return is_2002(c.source) && inside(c.source) != c.source_v4; }},
    {gateway, kIn, "X26", DropReason::outer_source_unlisted,
     [](R r, C c) { return r.relays_only && !is_2002(c.source) && !is_one_of(r.relays, c.source_v4); }},
    {gateway, kIn, "C20 A16", DropReason::inner_destination_not_ours,
     [](R, C c) { return !is_2002(c.destination); }},
    {gateway, kIn, "C7 C8", DropReason::inner_destination_mismatch,
     [](R r, C c) { return inside(c.destination) != public_face(r, c.destination_v4); }},
    {relay, kIn, "C9: only sites speak to a relay through the tunnel", DropReason::inner_source_mismatch,
     [](R, C c) { return !is_2002(c.source); }},
    {relay, kIn, "C21", DropReason::inner_6to4_to_6to4,
     [](R r, C c) { return is_2002(c.destination) && !is_own_relay_form(r, c.destination); }},
    {relay, kIn, "Q6", DropReason::nested_tunnel,
     [](R r, C c) {
       return (c.protocol == 4 || c.protocol == 41 || c.protocol == 47) &&
              is_own_relay_form(r, c.destination);
     }},
    {gateway, kIn, "Q6", DropReason::nested_tunnel,
     [](R, C c) {
       V6 own = {0x20, 0x02};
       std::copy_n(c.destination.begin() + 2, 4, own.begin() + 2);
       own[15] = 1;
       return (c.protocol == 4 || c.protocol == 41 || c.protocol == 47) && c.destination == own;
     }},

    {both, kOut, "C1 K1", DropReason::policy_source_multicast, [](R, C c) { return c.source[0] == 0xff; }},
    {both, kOut, "C1 C13", DropReason::policy_forbidden_block, [](R, C c) { return is_insane(c.source); }},
    {gateway, kOut, "C2", DropReason::source_embeds_other,
     [](R r, C c) { return is_2002(c.source) && inside(c.source) != public_face(r, c.source_v4); }},
    {relay, kOut, "C2 C22 Q1 X22", DropReason::source_embeds_other,
     [](R r, C c) { return is_2002(c.source) && !is_own_relay_form(r, c.source); }},
    {both, kOut, "C1 C13", DropReason::policy_forbidden_block,
     [](R, C c) { return is_insane(c.destination); }},
    {both, kOut, "C3 Q1", DropReason::destination_embeds_own,
     [](R r, C c) { return is_2002(c.destination) && is_own(r, inside(c.destination)); }},
    {both, kOut, "C14 G17 X22", DropReason::destination_embeds_forbidden,
     [](R r, C c) {
       return is_2002(c.destination) && is_insane(inside(c.destination)) &&
              !is_known_relay_form(r, c.destination);
     }},
    {both, kOut, "C3", DropReason::destination_embeds_own,
     [](R r, C c) { return is_own(r, c.destination_v4); }},
    {both, kOut, "C11 C12", DropReason::destination_embeds_forbidden,
     [](R r, C c) { return is_insane_peer(r, c.destination_v4); }},
    {both, kOut, "C4", DropReason::native_native,
     [](R, C c) { return !is_2002(c.source) && !is_2002(c.destination); }},
    {relay, kOut, "A17", DropReason::site_unlisted,
     [](R r, C c) { return is_unlisted(r, c.destination_v4); }},
};

}  // namespace

const Rule* first_broken_rule(const Router& router, Path path, const Cell& cell) {
  const Rule::Where other = router.is_relay ? gateway : relay;
  for (const Rule& rule : kRules)
    if (rule.path == path && rule.where != other && rule.is_broken(router, cell)) return &rule;
  return nullptr;
}

}  // namespace gate41::testing
