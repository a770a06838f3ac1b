// `routes`: where packets go, as the packet path decides it.
#include "control/daemon/operator_view.hpp"
#include "control/daemon/tunnel_plan.hpp"

namespace gate41 {
namespace {

using op::Json;

const char* way_of(RouteKind kind) {
  switch (kind) {
    case RouteKind::on_link:
      return "on link";
    case RouteKind::native:
      return "native";
    case RouteKind::tunnel_direct:
      return "direct";
    case RouteKind::tunnel_relay:
      return "relay";
    case RouteKind::relay_down:
      return "relay down";
    case RouteKind::null_route:
      return "nowhere";
  }
  return "unknown";
}

std::string by(const Route& route, const Snapshot& snapshot) {
  const bool lan = route.kind == RouteKind::on_link || route.kind == RouteKind::native;
  if (lan) return snapshot.lans[route.lan].name;
  return route.kind == RouteKind::null_route ? "" : name_of(snapshot.tunnels[route.tunnel].kind);
}

Json route_json(const Route& route, const Snapshot& snapshot) {
  return {{"prefix", route.prefix.to_string()},
          {"from", route.source == kEveryIpv6 ? Json() : Json(route.source.to_string())},
          {"way", way_of(route.kind)},
          {"next_hop", route.next_hop.is_unspecified() ? Json() : Json(route.next_hop.to_string())},
          {"by", by(route, snapshot)}};
}

// As a route of the configuration: there is one way to show them.
Json native_json(const Rib::Route& native, const Snapshot& snapshot) {
  Route route;
  route.prefix = native.prefix;
  route.next_hop = native.target.next_hop;
  switch (native.target.kind) {
    case RouteTarget::Kind::via:
      route.kind = RouteKind::native;
      break;
    case RouteTarget::Kind::on_link:
      route.kind = RouteKind::on_link;
      break;
    default:
      route.kind = RouteKind::null_route;
  }
  return route_json(route, snapshot);
}

// Those with the longest prefix: several where it depends on the source.
Json routes_to(const Ipv6Address& destination, const Snapshot& snapshot, const RouteStore* store) {
  Json rows = Json::array();
  std::optional<Ipv6Prefix> longest;
  for (const Route& route : snapshot.routes.routes()) {
    if (longest ? route.prefix != *longest : !route.prefix.contains(destination)) continue;
    longest = route.prefix;
    const bool native = route.kind == RouteKind::native && store != nullptr;
    const auto known = native ? store->rib().lookup(destination) : std::nullopt;
    rows.push_back(known ? native_json(*known, snapshot) : route_json(route, snapshot));
  }
  return rows;
}

Json native_counts(const RouteStore* store, const NativeRoutes* routes) {
  if (store == nullptr || routes == nullptr) return {};
  return {{"count", store->rib().size()},
          {"max", store->rib().max_routes()},
          {"next_hops", store->rib().targets()},
          {"refused", routes->refused()},
          {"complete", routes->complete()}};
}

}  // namespace

Json OperatorView::routes(const std::optional<Ipv6Address>& destination, std::size_t limit) {
  const Snapshot& snapshot = daemon_.dataplane().snapshot();
  const RouteStore* store = daemon_.dataplane().routes();
  if (destination)
    return {{"destination", destination->to_string()}, {"routes", routes_to(*destination, snapshot, store)}};
  Json rows = Json::array();
  for (const Route& route : snapshot.routes.routes()) rows.push_back(route_json(route, snapshot));
  if (store != nullptr)
    for (const Rib::Route& route : store->rib().first(limit)) rows.push_back(native_json(route, snapshot));
  const loop::RouteOffer* offer = daemon_.offer();
  return {{"routes", rows},
          {"native", native_counts(store, daemon_.native_routes())},
          {"offered", offer != nullptr && offer->held() ? Json(offer->to_string()) : Json()}};
}

}  // namespace gate41
