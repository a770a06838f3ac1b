// EarlyLan: what takes a LAN its first seconds, duplicate address detection and listening for other routers,
// is done while PortRoles still wait, on the link that will probably be the LAN's. It advertises nothing:
// that takes a prefix. Where the guess proves wrong, the other link has seen neighbour discovery, MLD and
// router solicitations for some seconds. Sans-I/O; control thread only.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "control/daemon/lan_engines.hpp"

namespace gate41 {

class EarlyLan {
 public:
  using Make = std::function<std::optional<LanEngines>(std::size_t link)>;
  explicit EarlyLan(Make make) : make_(std::move(make)) {}

  // Begins on that link, if it has not; what was begun on another one, or is wanted no more, is thrown away.
  void presume(std::optional<std::size_t> link, TimePoint now);
  void on_frame(std::size_t link, Bytes frame, TimePoint now);  // any that has come in
  void on_timer(TimePoint now);
  // For the presumed link.
  [[nodiscard]] std::vector<std::vector<uint8_t>> take_frames(TimePoint now);
  // The engines as they stand, with all outputs that are no frames.
  [[nodiscard]] std::optional<LanEngines> take();

 private:
  Make make_;
  std::optional<std::size_t> link_;
  std::optional<LanEngines> engines_;
};

}  // namespace gate41
