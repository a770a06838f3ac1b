#include "control/dhcp/lease_reader.hpp"

#include <bit>
#include <utility>

namespace gate41::dhcp {
namespace {

constexpr uint16_t kMinMtu = 576;  // RFC 791: what every host accepts

std::optional<uint8_t> prefix_length_of(uint32_t mask) {
  const int ones = std::countl_one(mask);
  const bool is_mask = ones > 0 && ones == std::popcount(mask);
  return is_mask ? std::optional(static_cast<uint8_t>(ones)) : std::nullopt;
}

// RFC 3442: width, the bytes of the destination that matter, router. nullopt: not a list of these.
std::optional<std::vector<Route>> read_routes(Bytes value) {
  std::vector<Route> routes;
  Reader reader(value);
  while (reader.remaining() > 0) {
    const uint8_t width = reader.u8();
    if (width > 32) return std::nullopt;
    uint32_t destination = 0;
    for (unsigned i = 0; i < (width + 7U) / 8U; ++i) destination |= uint32_t{reader.u8()} << (24U - 8U * i);
    const auto gateway = reader.read<Ipv4Address>();
    if (reader.failed()) return std::nullopt;
    routes.push_back({Ipv4Prefix::of(Ipv4Address(Be32(destination)), width), gateway});
  }
  return routes;
}

// A default route without a router leads nowhere from a WAN port, and is left out.
void take_classless_routes(Lease& lease, const std::vector<Route>& routes) {
  for (const Route& route : routes) {
    if (route.destination.length > 0) {
      lease.routes.push_back(route);
    } else if (!lease.router && !route.gateway.is_unspecified()) {
      lease.router = route.gateway;
    }
  }
}

// Option 121 wins over 3, even without a default route in it (M17).
void read_ways_out(Lease& lease, const Options& options) {
  const auto value = options.find(option::kClasslessRoutes);
  const auto routes = value && !value->empty() ? read_routes(*value) : std::nullopt;
  if (routes) return take_classless_routes(lease, *routes);
  const auto routers = options.addresses(option::kRouter);
  if (!routers.empty()) lease.router = routers.front();
}

void read_times(Lease& lease, const LeaseTimes& times) {
  lease.renew_at = times.renew_at;
  lease.rebind_at = times.rebind_at;
  lease.expires = times.expires;
}

void read_parameters(Lease& lease, const Options& options) {
  const auto mask = options.u32(option::kSubnetMask);
  if (mask) lease.prefix_length = prefix_length_of(*mask).value_or(lease.prefix_length);
  read_ways_out(lease, options);
  lease.dns = options.addresses(option::kDns);
  lease.time_servers = options.addresses(option::kTimeServers);
  const auto mtu = options.u16(option::kMtu);
  if (mtu && *mtu >= kMinMtu) lease.mtu = mtu;
  lease.options = options.raw();
}

}  // namespace

std::optional<Lease> read_lease(const Reply& reply, TimePoint requested_at, TimePoint now, Random& random) {
  const GivenTimes given{reply.options.u32(option::kLeaseTime).value_or(0),
                         reply.options.u32(option::kRenewalTime), reply.options.u32(option::kRebindingTime)};
  if (!is_assignable(reply.your_address)) return std::nullopt;
  Lease lease;
  lease.address = reply.your_address;
  lease.server = reply.server;
  lease.obtained = now;
  read_times(lease, lease_times(requested_at, given, random));
  if (lease.expires <= now) return std::nullopt;  // without a lease time, too
  read_parameters(lease, reply.options);
  return lease;
}

void read_six_rd_option(Lease& lease, const Options& options) {
  const auto value = options.find(option::k6rd);
  if (!value) return;
  lease.six_rd_bytes.assign(value->begin(), value->end());
  auto read = read_six_rd(*value, lease.address);
  if (read)
    lease.six_rd = std::move(*read);
  else
    lease.six_rd_ignored = "option 212 ignored: " + read.error().message;
}

}  // namespace gate41::dhcp
