// Dataplane: control's one handle on everything below: ports, workers, tables, rings. Created once by main;
// all methods are for the control thread. Nothing here blocks longer than a grace period (a loop of the
// workers).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "config/model.hpp"
#include "dataplane/base/pace.hpp"
#include "dataplane/base/result.hpp"
#include "dataplane/forward/adjacency.hpp"
#include "dataplane/forward/neighbour_table.hpp"
#include "dataplane/port/device_info.hpp"
#include "dataplane/tunnel/path_mtu_table.hpp"
#include "dataplane/worker/capture_tap.hpp"
#include "dataplane/worker/counters.hpp"
#include "dataplane/worker/drop_log.hpp"
#include "dataplane/worker/exception.hpp"
#include "dataplane/worker/requests.hpp"
#include "dataplane/worker/route_store.hpp"
#include "dataplane/worker/snapshot.hpp"

namespace gate41 {

// An exception as control sees it: `mbuf` is owned by the callee.
using ExceptionHandler = std::function<void(rte_mbuf* mbuf, const MbufMeta& meta)>;

// A frame of a device (DeviceInfo::port_id): it is the callee's for the call.
using EarlyHandler = std::function<void(uint16_t device, std::span<const uint8_t> frame)>;

class Dataplane {
 public:
  // Starts EAL, probes and starts the configured devices, makes pools and tables. No worker runs yet. Errors
  // name the device, hugepages or permission that is missing, with the remedy.
  static Result<std::unique_ptr<Dataplane>> create(const config::Config& config);
  ~Dataplane();

  // Until the workers run, for what must be known before (ports: auto): a frame out, false when the device
  // does not take it; and what has come in since the last call.
  bool send_early(uint16_t device, std::span<const uint8_t> frame);
  void receive_early(const EarlyHandler& handler);

  // Starts the workers; a snapshot must have been published.
  Result<void> start_workers();
  // Stops workers, ports and EAL; the destructor does it, too. Nothing else may be called afterwards.
  void stop();

  // Publishes; the old snapshot is freed after a grace period (by later calls). Its links lead to devices().
  void publish(std::unique_ptr<const Snapshot> snapshot);
  [[nodiscard]] const Snapshot& snapshot() const;

  [[nodiscard]] AdjacencyTable& adjacencies();
  [[nodiscard]] NeighbourTable& neighbours();
  [[nodiscard]] PathMtuTable& path_mtus();
  // Native routes; null in the gateway role.
  [[nodiscard]] RouteStore* routes();

  // Readable descriptor for epoll: exceptions or answers to requests wait. Always call drain_exceptions()
  // then, and poll_requests() if any are pending. drain() calls the handler for up to `budget` packets; when
  // there are more, the descriptor stays readable.
  [[nodiscard]] int exception_fd() const;
  void drain_exceptions(const ExceptionHandler& handler, unsigned budget = 256);

  // Injections: copies `bytes` into an mbuf and posts it. false: no buffer or ring full (counted).
  bool inject_frame(uint16_t link, std::span<const uint8_t> frame);
  bool inject_host_v4(uint16_t link, std::span<const uint8_t> frame);
  bool inject_routed(std::span<const uint8_t> ipv6_packet);
  // Gives back an mbuf from an exception (unresolved). Takes ownership.
  bool inject_resumed(rte_mbuf* mbuf);
  bool inject_failed(rte_mbuf* mbuf);
  bool inject_crowded(rte_mbuf* mbuf);
  void free_packet(rte_mbuf* mbuf);
  // Injections that found no buffer or a full ring.
  [[nodiscard]] uint64_t injections_refused() const;

  // Must be called about once a second: grace periods, reclaim of adjacencies and neighbours, link state.
  void housekeeping(TimePoint now);
  [[nodiscard]] std::vector<DeviceInfo> devices() const;

  [[nodiscard]] CounterTotals counters() const;
  [[nodiscard]] CounterTotals counters_of(unsigned worker) const;
  // Samples of dropped packets since the last call (drop_log.hpp); about once a second, or some find no room.
  void take_drops(const std::function<void(const DropSample&)>& handler);
  [[nodiscard]] uint64_t drop_samples_missed() const;
  [[nodiscard]] unsigned workers() const;
  // That workers could run on, were there queues for them.
  [[nodiscard]] unsigned worker_cores() const;
  [[nodiscard]] uint32_t max_flows() const;
  // Bytes that the flow tables of all workers have taken.
  [[nodiscard]] uint64_t flow_memory() const;
  // Seconds since the slowest worker's last loop: for the watchdog.
  [[nodiscard]] uint32_t oldest_heartbeat(TimePoint now) const;

  // The flows of all workers (request_desk.hpp): chunks come by poll_requests() as fast as `reader` says.
  void walk_flows(const FlowQuery& query,
                  std::function<void(const std::vector<FlowRecord>& records, bool last)> on_chunk,
                  std::function<Pace()> reader);
  void erase_flows(const FlowQuery& query, std::function<void(uint64_t flows)> on_erased);
  // What becomes of the next packets that match, on each worker (tracer.hpp); one trace at a time.
  void arm_trace(const TraceWish& wish);
  void take_traces(const std::function<void(unsigned worker, const TraceRecord&)>& handler);
  void poll_requests();
  [[nodiscard]] bool requests_pending() const;

  // Capture: starts a thread that writes pcapng to `fd` (owned by the capture from now on, whatever is
  // answered) until stop_capture(), `max_packets` (0 = no limit), or its reader hangs up; false when one runs
  // already or there is no memory. captured() counts those of the last one.
  bool start_capture(int fd, bool drops_only, uint64_t max_packets);
  void stop_capture();
  [[nodiscard]] bool capturing() const;
  [[nodiscard]] uint64_t captured() const;

 private:
  Dataplane();
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace gate41
