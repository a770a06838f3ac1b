// CaptureThread: one running capture: the ring and the buffers that workers copy packets into, and the thread
// that writes them as pcapng to a descriptor, until a limit, stop(), or the reader hangs up. A slow reader
// loses packets (counted by the tap), never holds up traffic. Control; it frees the object a grace period
// after it has ended.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "dataplane/base/result.hpp"
#include "dataplane/worker/capture_tap.hpp"
#include "dataplane/worker/pcapng.hpp"
#include "dataplane/worker/rings.hpp"

struct rte_mempool;

namespace gate41 {

struct CaptureOrder {
  int fd = -1;  // owned by the capture from the start, also when it does not start
  bool drops_only = false;
  uint64_t max_packets = 0;        // 0 = no limit
  std::vector<std::string> links;  // names, by index
};

class CaptureThread {
 public:
  static Result<std::unique_ptr<CaptureThread>> start(CaptureTap& tap, CaptureOrder order, int numa_node);
  ~CaptureThread();  // after stop() and a grace period
  CaptureThread(const CaptureThread&) = delete;
  CaptureThread& operator=(const CaptureThread&) = delete;

  // Writes what has been captured so far, then ends; returns when it has.
  void stop();
  [[nodiscard]] bool ended() const noexcept { return ended_.load(std::memory_order_acquire); }
  [[nodiscard]] uint64_t written() const noexcept { return written_.load(std::memory_order_relaxed); }

 private:
  CaptureThread(CaptureTap& tap, CaptureOrder order);
  void run();
  void write_headers();
  [[nodiscard]] bool turn();  // false: it is over
  void append(const rte_mbuf& copy);
  [[nodiscard]] unsigned take(std::span<rte_mbuf*> copies);
  void free_copies();
  [[nodiscard]] bool write_out();
  [[nodiscard]] bool wait_writable();
  [[nodiscard]] bool limit_reached() const noexcept;
  [[nodiscard]] uint64_t nanoseconds_at(uint64_t cycles) const;  // since 1970
  [[nodiscard]] uint32_t interface_of(const rte_mbuf& copy) const;

  CaptureTap& tap_;
  CaptureOrder order_;
  uint64_t start_cycles_;
  uint64_t start_nanoseconds_;  // the same moment
  double tsc_hz_;
  RingHandle ring_;
  rte_mempool* pool_ = nullptr;
  pcapng::BlockWriter blocks_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> ended_{false};
  std::atomic<uint64_t> written_{0};
  std::thread thread_;
};

}  // namespace gate41
