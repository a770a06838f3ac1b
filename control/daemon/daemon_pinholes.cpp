// The pinholes that operators open: with them the snapshot changes, and where there are fewer, flows are
// decided again.
#include <fmt/core.h>

#include "config/pinholes.hpp"
#include "control/daemon/daemon.hpp"

namespace gate41 {
namespace {

std::string named(const OpenedPinhole& opened) {
  std::string text = fmt::format("pinhole {}", opened.id);
  const auto members = config::pinhole_members(opened.hole);
  for (const char* key : {"proto", "lan", "interface_id", "address", "port", "from"})
    if (const auto member = members.find(key); member != members.end())
      text += (member->first == "from" ? " from " : " ") + member->second;
  return opened.comment.empty() ? text : text + " (" + opened.comment + ")";
}

}  // namespace

void Daemon::load_pinholes() {
  if (!is_gateway()) return;
  std::vector<std::string> left_out;
  pinholes_ =
      OpenedPinholes::from_text(platform_.store.load(kStoredPinholes).value_or(""), config_, left_out);
  for (const std::string& sentence : left_out) log_warning("state: {}", sentence);
  pinholes_.expire(wall_clock());
  site_.opened = pinholes_.holes();
}

Result<uint32_t> Daemon::open_pinhole(OpenedPinholes::Wanted wanted, TimePoint now) {
  if (!is_gateway()) return fail("a relay has no filter; allowed: in role gateway only");
  const auto id = pinholes_.open(std::move(wanted), config_.filter.inbound, wall_clock());
  if (!id) return id;
  platform_.events.add(now, named(pinholes_.all().back()) + " is open");
  follow_pinholes();
  return id;
}

Result<void> Daemon::close_pinhole(uint32_t id, TimePoint now) {
  if (!pinholes_.close(id))
    return fail(
        fmt::format("there is no pinhole {} to delete; allowed: an id that `gate41 pinhole list` shows", id));
  platform_.events.add(now, fmt::format("pinhole {} is deleted", id));
  ++site_.policy_epoch;
  follow_pinholes();
  return {};
}

void Daemon::expire_pinholes(TimePoint now) {
  const std::vector<OpenedPinhole> ended = pinholes_.expire(wall_clock());
  if (ended.empty()) return;
  for (const OpenedPinhole& opened : ended) platform_.events.add(now, named(opened) + " has ended");
  ++site_.policy_epoch;
  follow_pinholes();
}

// At once: what an operator is answered is in force.
void Daemon::follow_pinholes() {
  platform_.store.save(kStoredPinholes, pinholes_.to_text());
  site_.opened = pinholes_.holes();
  snapshot_due_ = true;
  settle_snapshot();
}

}  // namespace gate41
