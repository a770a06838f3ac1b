// Every class of outer source and destination with every class of inner source and destination, in both roles
// and both directions: the product names the drop reason that the reference names.
#include <gtest/gtest.h>
#include <set>

#include "dataplane/tunnel/checks.hpp"
#include "tests/unit/tunnel/routers.hpp"

namespace gate41::testing {
namespace {

const std::vector<std::string> kClassesV4 = {
    "11.0.0.2",         // gateway
    "192.168.1.2",      // gateway behind a NAT, and private
    "11.5.5.5",         // its NAT
    "11.0.0.3",         // relay
    "192.88.99.1",      // relay anycast
    "12.9.9.9",         // configured relay
    "192.168.7.7",      // configured relay, private
    "12.0.0.5",         // site
    "12.0.1.6",         // site that the relay does not list
    "10.1.2.3",         // private
    "100.64.0.1",       // CGN
    "127.0.0.1",        // loopback
    "203.0.113.7",      // documentation
    "224.0.0.1",        // multicast
    "255.255.255.255",  // limited broadcast
    "11.0.0.0",         // own network
    "11.0.0.255",       // own broadcast
};

const std::vector<std::string> kNativeClasses = {
    "2600:41::1", "2001::11:1", "64:ff9b::b00:2",  // global, Teredo, NAT64
    "::",         "::1",        "::ffff:11.0.0.2", "::11.0.0.2", "64:ff9b:1::1", "100::1",
    "2001:2::1",  "2001:10::1", "2001:db8::1",     "3fff::1",    "5f00::1",      "fc00::1",
    "fd00::1",    "fe80::1",    "fec0::1",         "ff02::1",    "ff0e::1"};

std::vector<V4> classes_v4() {
  std::vector<V4> classes;
  for (const std::string& text : kClassesV4) classes.push_back(v4(text));
  return classes;
}

// Each IPv4 class within 2002::/16, in the two forms of a router and as a host; and the native classes.
std::vector<V6> classes_v6() {
  std::vector<V6> classes;
  for (const V4& inside : classes_v4())
    for (const auto& [subnet, last] : {std::pair{0, 0}, {0, 1}, {1, 1}}) {
      V6 address = {0x20, 0x02, inside[0], inside[1], inside[2], inside[3]};
      address[7] = static_cast<uint8_t>(subnet);
      address[15] = static_cast<uint8_t>(last);
      classes.push_back(address);
    }
  for (const std::string& text : kNativeClasses) classes.push_back(v6(text));
  return classes;
}

Drop product_says(const Tunnel& tunnel, Path path, const Cell& cell) {
  if (path == Path::encapsulate)
    return check_encap(tunnel, address_of(cell.source), address_of(cell.destination),
                       address_of(cell.destination_v4));
  Ipv4Fields outer;
  outer.source = address_of(cell.source_v4);
  outer.destination = address_of(cell.destination_v4);
  if (const Drop drop = check_outer(tunnel, outer)) return drop;
  ParsedPacket packet;
  packet.v6.source = address_of(cell.source);
  packet.v6.destination = address_of(cell.destination);
  packet.l4.protocol = cell.protocol;
  return check_inner(tunnel, outer, packet);
}

std::string name_of(const Drop& drop) { return drop ? std::string(text_of(*drop).name) : "passes"; }

std::string describe(const Cell& cell) {
  return address_of(cell.source_v4).to_string() + " -> " + address_of(cell.destination_v4).to_string() +
         " with " + address_of(cell.source).to_string() + " -> " + address_of(cell.destination).to_string() +
         " protocol " + std::to_string(cell.protocol);
}

// The cells of one router and path; what passes as TCP is also asked as a tunnel within the tunnel.
template <typename Visit>
void for_each_cell(const Router& router, Path path, Visit visit) {
  const std::vector<V6> inner = classes_v6();
  // A router encapsulates under its own address only.
  const std::vector<V4> sources = path == Path::encapsulate ? std::vector{router.local} : classes_v4();
  for (const V4& source_v4 : sources)
    for (const V4& destination_v4 : classes_v4())
      for (const V6& source : inner)
        for (const V6& destination : inner) {
          const Cell cell{source_v4, destination_v4, source, destination};
          const Rule* rule = first_broken_rule(router, path, cell);
          visit(cell, rule);
          if (rule != nullptr) continue;
          const Cell nested{source_v4, destination_v4, source, destination, 41};
          visit(nested, first_broken_rule(router, path, nested));
        }
}

struct Part {
  Router router;
  Path path;
};

std::vector<Part> parts() {
  std::vector<Part> all;
  for (const Router& router : {gateway_router(), gateway_behind_nat(), gateway_of_relays_only(),
                               unicast_relay(), anycast_relay(), relay_with_sites()})
    for (const Path path : {Path::encapsulate, Path::decapsulate}) all.push_back({router, path});
  return all;
}

}  // namespace

class ChecksMatrix : public ::testing::TestWithParam<Part> {};

// proves: C1 C2 C3 C4 C5 C6 C7 C8 C9 C10 C11 C12 C13 C14 C15 C16 C17 C19 C20 C21 C22 C23 C25
// proves: A8 A16 A17 A22 A23 B9 D20 D29 D30 G9 G14 G17 G18 K6 Q1 Q6 X3 X22 X26
TEST_P(ChecksMatrix, NamesTheReasonOfTheReference) {
  const auto& [router, path] = GetParam();
  const Tunnel tunnel = tunnel_of(router);
  int wrong = 0;
  for_each_cell(router, path, [&](const Cell& cell, const Rule* rule) {
    const Drop expected = rule != nullptr ? Drop(rule->reason) : Drop{};
    const Drop found = product_says(tunnel, path, cell);
    if (found != expected && ++wrong <= 10)
      ADD_FAILURE() << describe(cell) << ": " << name_of(found) << " instead of " << name_of(expected) << " ("
                    << (rule != nullptr ? rule->rows : "no rule") << ")";
  });
  EXPECT_EQ(wrong, 0);
}

INSTANTIATE_TEST_SUITE_P(Routers, ChecksMatrix, ::testing::ValuesIn(parts()), [](const auto& part) {
  return part.param.router.name + (part.param.path == Path::encapsulate ? "Out" : "In");
});

// A matrix that never comes to a reason says nothing of it.
TEST(ChecksMatrixCoverage, ComesToEveryReasonAndLetsPacketsPass) {
  std::set<Drop> seen;
  for (const Router& router : {gateway_of_relays_only(), relay_with_sites()})
    for (const Path path : {Path::encapsulate, Path::decapsulate})
      for_each_cell(router, path, [&](const Cell&, const Rule* rule) {
        seen.insert(rule != nullptr ? Drop(rule->reason) : Drop{});
      });
  std::set<std::string> names;
  for (const Drop& reason : seen) names.insert(name_of(reason));
  const std::set<std::string> all = {"destination_embeds_forbidden",
                                     "destination_embeds_own",
                                     "inner_6to4_to_6to4",
                                     "inner_destination_embeds_forbidden",
                                     "inner_destination_forbidden",
                                     "inner_destination_mismatch",
                                     "inner_destination_not_ours",
                                     "inner_link_local",
                                     "inner_native_native",
                                     "inner_source_embeds_forbidden",
                                     "inner_source_forbidden",
                                     "inner_source_mismatch",
                                     "inner_source_own",
                                     "native_native",
                                     "nested_tunnel",
                                     "outer_destination",
                                     "outer_source_forbidden",
                                     "outer_source_own",
                                     "outer_source_unlisted",
                                     "passes",
                                     "policy_forbidden_block",
                                     "policy_source_multicast",
                                     "site_unlisted",
                                     "source_embeds_other",
                                     "tunnel_unmatched"};
  EXPECT_EQ(names, all);
}

}  // namespace gate41::testing
