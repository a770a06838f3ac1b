#include "dataplane/worker/capture_thread.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <ctime>
#include <fmt/core.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <rte_cycles.h>
#include <rte_errno.h>
#include <rte_mbuf.h>
#include <rte_mempool.h>

#include "dataplane/worker/exception.hpp"

namespace gate41 {
namespace {

constexpr unsigned kCopies = 2047;  // and as many places in the ring
constexpr unsigned kCopyCache = 32;
constexpr std::size_t kCopiesAtOnce = 32;
constexpr int kTurnMilliseconds = 2;        // between two looks at an empty ring
constexpr int kPatienceMilliseconds = 100;  // with a reader that takes nothing, before looking at stop_ again
// A pipe that is writable takes so much without blocking (POSIX PIPE_BUF).
constexpr std::size_t kWriteAtOnce = 4096;

const CaptureMeta& meta_of_copy(const rte_mbuf& copy) {
  return *static_cast<const CaptureMeta*>(rte_mbuf_to_priv(const_cast<rte_mbuf*>(&copy)));
}

std::span<const uint8_t> bytes_of(const rte_mbuf& copy) {
  return {rte_pktmbuf_mtod(&copy, const uint8_t*), rte_pktmbuf_data_len(&copy)};
}

// Packets that this box made or held back have no Ethernet header in front. A frame whose destination MAC
// looks like this one's first bytes by chance would have to match the length, too.
bool starts_with_ipv6(const rte_mbuf& copy) {
  const auto bytes = bytes_of(copy);
  return bytes.size() >= 40 && bytes[0] >> 4U == 6 &&
         40U + (bytes[4] * 256U + bytes[5]) == rte_pktmbuf_pkt_len(&copy);
}

uint64_t nanoseconds_now() {
  timespec time{};
  ::clock_gettime(CLOCK_REALTIME, &time);
  return static_cast<uint64_t>(time.tv_sec) * 1'000'000'000 + static_cast<uint64_t>(time.tv_nsec);
}

pcapng::PacketDirection direction_of(CapturePoint point) {
  switch (point) {
    case CapturePoint::rx:
      return pcapng::PacketDirection::inbound;
    case CapturePoint::tx:
      return pcapng::PacketDirection::outbound;
    case CapturePoint::drop:
      break;
  }
  return pcapng::PacketDirection::unknown;
}

std::string comment_of(const CaptureMeta& meta) {
  if (meta.point != CapturePoint::drop) return {};
  const DropReasonText& text = text_of(meta.reason);
  return fmt::format("dropped: {}: {}", text.name, text.sentence);
}

}  // namespace

CaptureThread::CaptureThread(CaptureTap& tap, CaptureOrder order)
    : tap_(tap),
      order_(std::move(order)),
      start_cycles_(rte_rdtsc()),
      start_nanoseconds_(nanoseconds_now()),
      tsc_hz_(static_cast<double>(rte_get_tsc_hz())) {}

Result<std::unique_ptr<CaptureThread>> CaptureThread::start(CaptureTap& tap, CaptureOrder order,
                                                            int numa_node) {
  std::unique_ptr<CaptureThread> capture(new CaptureThread(tap, std::move(order)));
  Result<RingHandle> ring = create_ring("capture", kCopies + 1, numa_node, RING_F_SC_DEQ);
  if (!ring) return tl::unexpected(ring.error());
  capture->ring_ = std::move(*ring);
  capture->pool_ = rte_pktmbuf_pool_create("capture", kCopies, kCopyCache, kMbufPrivSize,
                                           RTE_MBUF_DEFAULT_BUF_SIZE, numa_node);
  if (capture->pool_ == nullptr)
    return fail(fmt::format("no memory for a capture: {}; raise eal.memory", rte_strerror(rte_errno)));
  tap.arm(capture->ring_.get(), capture->pool_, capture->order_.drops_only);
  capture->thread_ = std::thread([raw = capture.get()] { raw->run(); });
  return capture;
}

CaptureThread::~CaptureThread() {
  if (thread_.joinable())
    stop();
  else if (!ended())
    ::close(order_.fd);  // it never ran
  if (ring_) free_copies();
  rte_mempool_free(pool_);
}

// What a worker was just copying when the tap was disarmed.
void CaptureThread::free_copies() {
  std::array<rte_mbuf*, kCopiesAtOnce> copies;
  for (unsigned n = take(copies); n > 0; n = take(copies)) rte_pktmbuf_free_bulk(copies.data(), n);
}

void CaptureThread::stop() {
  tap_.disarm();
  stop_.store(true, std::memory_order_relaxed);
  if (thread_.joinable()) thread_.join();
}

// Signals are for control; a reader that hung up is told by EPIPE.
void CaptureThread::run() {
  sigset_t all;
  sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr);
  ::pthread_setname_np(::pthread_self(), "capture");
  write_headers();
  while (turn()) {
  }
  tap_.disarm();
  ::close(order_.fd);
  ended_.store(true, std::memory_order_release);
}

void CaptureThread::write_headers() {
  blocks_.section_header("gate41");
  for (const std::string& link : order_.links) blocks_.interface(link, pcapng::LinkType::ethernet);
  blocks_.interface("unknown", pcapng::LinkType::ethernet);
  blocks_.interface("inside", pcapng::LinkType::ipv6);
}

uint32_t CaptureThread::interface_of(const rte_mbuf& copy) const {
  const CaptureMeta& meta = meta_of_copy(copy);
  const auto unknown = static_cast<uint32_t>(order_.links.size());
  if (meta.point == CapturePoint::drop && starts_with_ipv6(copy)) return unknown + 1;
  return std::min<uint32_t>(meta.link, unknown);
}

bool CaptureThread::turn() {
  std::array<rte_mbuf*, kCopiesAtOnce> copies;
  const unsigned n = take(copies);
  for (unsigned i = 0; i < n && !limit_reached(); ++i) append(*copies[i]);
  rte_pktmbuf_free_bulk(copies.data(), n);
  if (!write_out() || limit_reached()) return false;
  if (n > 0) return true;
  pollfd reader{order_.fd, 0, 0};  // asked for nothing, it tells of a reader that has gone
  return !stop_.load(std::memory_order_relaxed) && ::poll(&reader, 1, kTurnMilliseconds) == 0;
}

unsigned CaptureThread::take(std::span<rte_mbuf*> copies) {
  return rte_ring_sc_dequeue_burst(ring_.get(), reinterpret_cast<void**>(copies.data()),
                                   static_cast<unsigned>(copies.size()), nullptr);
}

// Workers stamp copies with the cycle counter, which costs them nothing. One fixed point for the whole
// capture keeps the packets in order.
uint64_t CaptureThread::nanoseconds_at(uint64_t cycles) const {
  const auto since = static_cast<double>(static_cast<int64_t>(cycles - start_cycles_));
  return start_nanoseconds_ + static_cast<uint64_t>(static_cast<int64_t>(since * 1e9 / tsc_hz_));
}

void CaptureThread::append(const rte_mbuf& copy) {
  const CaptureMeta& meta = meta_of_copy(copy);
  const std::string comment = comment_of(meta);
  blocks_.packet({.interface = interface_of(copy),
                  .nanoseconds = nanoseconds_at(meta.cycles),
                  .bytes = bytes_of(copy),
                  .original_length = meta.length,
                  .direction = direction_of(meta.point),
                  .comment = comment});
  written_.fetch_add(1, std::memory_order_relaxed);
}

bool CaptureThread::write_out() {
  std::span<const uint8_t> rest = blocks_.bytes();
  while (!rest.empty()) {
    if (!wait_writable()) return false;
    const auto written = ::write(order_.fd, rest.data(), std::min(rest.size(), kWriteAtOnce));
    if (written < 0 && errno != EINTR && errno != EAGAIN) return false;
    if (written > 0) rest = rest.subspan(static_cast<std::size_t>(written));
  }
  blocks_.clear();
  return true;
}

bool CaptureThread::wait_writable() {
  pollfd reader{order_.fd, POLLOUT, 0};
  while (::poll(&reader, 1, kPatienceMilliseconds) == 0)
    if (stop_.load(std::memory_order_relaxed)) return false;
  return (reader.revents & (POLLERR | POLLNVAL)) == 0 && (reader.revents & POLLOUT) != 0;
}

bool CaptureThread::limit_reached() const noexcept {
  return order_.max_packets != 0 && written() >= order_.max_packets;
}

}  // namespace gate41
