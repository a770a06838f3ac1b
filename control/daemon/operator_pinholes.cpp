// OperatorView: pinholes, those of the configuration and those that operators have opened.
#include "config/pinholes.hpp"
#include "control/daemon/operator_view.hpp"
#include "control/daemon/snapshot_builder.hpp"

namespace gate41 {
namespace {

op::Json pinhole_row(const config::Pinhole& hole, const Daemon& daemon) {
  op::Json row = config::pinhole_members(hole);
  row["leads_to"] = op::Json::array();
  for (const Ipv6Address& address : pinhole_addresses(hole, daemon.config(), daemon.site()))
    row["leads_to"].push_back(address.to_string());
  row.update({{"id", nullptr}, {"left", nullptr}, {"comment", ""}});
  return row;
}

op::Json opened_row(const OpenedPinhole& opened, const Daemon& daemon) {
  op::Json row = pinhole_row(opened.hole, daemon);
  row["id"] = opened.id;
  row["comment"] = opened.comment;
  if (opened.ends != 0) row["left"] = std::max<int64_t>(opened.ends - wall_clock(), 0);
  return row;
}

}  // namespace

op::Json OperatorView::pinholes() {
  op::Json rows = op::Json::array();
  for (const config::Pinhole& hole : daemon_.config().filter.inbound)
    rows.push_back(pinhole_row(hole, daemon_));
  for (const OpenedPinhole& opened : daemon_.pinholes().all()) rows.push_back(opened_row(opened, daemon_));
  return rows;
}

Result<uint32_t> OperatorView::open_pinhole(const op::PinholeRequest& request) {
  auto hole = config::read_pinhole(request.members, daemon_.config());
  if (!hole) return tl::unexpected(hole.error());
  OpenedPinholes::Wanted wanted{std::move(*hole), {}, request.comment};
  if (!request.lifetime.empty()) {
    const auto lifetime = config::read_lifetime(request.lifetime);
    if (!lifetime) return tl::unexpected(lifetime.error());
    wanted.lifetime = *lifetime;
  }
  return daemon_.open_pinhole(std::move(wanted), gate41::now());
}

Result<void> OperatorView::close_pinhole(uint32_t id) { return daemon_.close_pinhole(id, gate41::now()); }

}  // namespace gate41
