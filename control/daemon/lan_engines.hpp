// LanEngines: neighbour discovery of one link and its router advertisements (gateway only); each is told what
// it has to know of the other. Sans-I/O, so that they can begin before the packet path runs (early_lan.hpp).
// Control thread only.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "config/model.hpp"
#include "control/nd/engine.hpp"
#include "control/ra/advertiser.hpp"
#include "dataplane/net/parsed_packet.hpp"

namespace gate41 {

struct LanEngines {
  // Of the link.
  struct Port {
    MacAddress mac;
    uint16_t mtu = 1500;
  };
  // `advertise`: null on the native side of a relay.
  LanEngines(const Port& port, const config::Lan* advertise, uint16_t tunnel_mtu, uint64_t seed);

  // Link-local address, listening for other routers; those that have begun go on.
  void start(TimePoint now);
  void update(const config::Lan& advertise, uint16_t tunnel_mtu, TimePoint now);  // reload
  void on_frame(Bytes frame, TimePoint now);                                      // ND, MLD, RS, RA
  void on_timer(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;

  // Of both.
  [[nodiscard]] std::vector<nd::Output> take_outputs(TimePoint now);
  // Those that are frames; the others stay for take_outputs().
  [[nodiscard]] std::vector<std::vector<uint8_t>> take_frames(TimePoint now);

  Port port;
  Ipv6Address link_local;
  nd::Engine nd;
  std::unique_ptr<ra::Advertiser> ra;

 private:
  void pass_on(ra::Output output, TimePoint now);
  void collect(TimePoint now);
  std::vector<nd::Output> outputs_;
};

// Whether a frame is of those that never leave their link.
[[nodiscard]] bool is_link_scope(const ParsedPacket& parsed);

}  // namespace gate41
