// Generator: the loop over both ports, in one thread. Every step of it ends within a time that is known
// before.
#pragma once

#include <array>
#include <memory>
#include <optional>

#include "dataplane/base/result.hpp"
#include "perf/generator/options.hpp"
#include "perf/generator/port.hpp"
#include "perf/generator/report.hpp"

namespace gate41::generator {

class Generator {
 public:
  // A port for each side that has a device; `pool` of what is sent.
  Generator(const Job& job, std::unique_ptr<Port> lan, std::unique_ptr<Port> wan, rte_mempool* pool);

  // Everything in order. Errors: the device has not answered, or carries nothing.
  [[nodiscard]] Result<Findings> run();

 private:
  // Packets on their way: which they are, and how they are judged when they arrive.
  struct Trial {
    uint16_t run = 0;
    bool echo = false;
    FlowOrder order = FlowOrder::turn;
    uint64_t flows = 1;
    std::array<std::optional<Stream>, 2> streams = {};
    std::array<uint64_t, 2> turned = {};  // by origin: what arrived at the other side, and was sent back
    [[nodiscard]] std::optional<Stream>& of(Side side) { return streams[static_cast<std::size_t>(side)]; }
  };
  struct End {
    SideSetup setup;
    std::unique_ptr<Port> port;
    std::optional<FrameMaker> maker;  // once the device's MAC is known
  };
  // What is sent back of a burst that came.
  struct Replies {
    std::array<rte_mbuf*, kBurst> packets{};
    uint16_t count = 0;
  };

  [[nodiscard]] End& end(Side side) noexcept { return ends_[static_cast<std::size_t>(side)]; }
  [[nodiscard]] Flow flow_at(const Trial& trial, uint32_t sequence) const noexcept;
  [[nodiscard]] Trial trial(bool echo, FlowOrder order, uint64_t flows);

  Result<void> meet_device(Side side);
  void introduce_hosts();
  void ask(Side side, const Neighbourhood& asking);
  Result<void> wait_ready();
  void open_flows();
  void open_missing(Trial& trial);
  void carry_traffic(Trial& trial);
  void send_due(Trial& trial, Side from, class Pacing& pacing, uint64_t now);
  void drain(Trial& trial);
  void echo_for_others();

  uint16_t send(const Trial& trial, Side from, uint32_t first, uint64_t count);
  // One burst of each port; false when nothing came.
  bool receive(Trial& trial);
  bool receive_from(Side side, Trial& trial);
  void handle(Side side, Trial& trial, rte_mbuf* packet, uint64_t now, Replies& replies);
  void handle_stamped(Side side, Trial& trial, rte_mbuf* packet, const ParsedPacket& parsed,
                      const Stamp& stamp, uint64_t now, Replies& replies);
  void turn(rte_mbuf* packet, const ParsedPacket& parsed, Replies& replies);
  static void reply(Bytes frame, rte_mbuf* packet, Replies& replies);
  void learn(Side side, const ParsedPacket& parsed, Bytes frame);

  FlowSpace space_;
  Traffic traffic_;
  std::array<End, 2> ends_;  // by side
  rte_mempool* pool_;
  uint16_t next_run_;
  double ns_per_cycle_;
  Findings findings_;
};

// From a signal handler: the run ends now, and what was found is told.
void stop_generators() noexcept;

}  // namespace gate41::generator
