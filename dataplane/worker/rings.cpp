#include "dataplane/worker/rings.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

#include <rte_errno.h>

#include "dataplane/port/memory_plan.hpp"

namespace gate41 {
namespace {

constexpr unsigned kPacketRingSize = 1024;
constexpr unsigned kRequestRingSize = 4;  // one request at a time

template <typename T>
Result<void> make(Ring<T>& ring, const std::string& name, unsigned size, int numa_node) {
  Result<RingHandle> handle = create_ring(name, size, numa_node, RING_F_SP_ENQ | RING_F_SC_DEQ);
  if (!handle) return tl::unexpected(handle.error());
  ring = Ring<T>(std::move(*handle));
  return {};
}

// One from each of the others; the worker's own place stays empty.
Result<void> make_handovers(WorkerRings& rings, unsigned worker, unsigned workers, int numa_node) {
  if (workers > 1) rings.handed_in.resize(workers);
  for (unsigned giver = 0; giver < rings.handed_in.size(); ++giver) {
    if (giver == worker) continue;
    Result<void> made = make(rings.handed_in[giver], fmt::format("handed{}to{}", giver, worker),
                             kHandoverRingSize, numa_node);
    if (!made) return made;
  }
  return {};
}

void free_all(Ring<rte_mbuf>& ring) {
  std::array<rte_mbuf*, 32> packets;
  for (std::size_t n = ring.pop(packets); n > 0; n = ring.pop(packets))
    rte_pktmbuf_free_bulk(packets.data(), static_cast<unsigned>(n));
}

}  // namespace

Result<RingHandle> create_ring(const std::string& name, unsigned size, int numa_node, unsigned flags) {
  RingHandle handle(rte_ring_create(name.c_str(), size, numa_node, flags));
  if (!handle) return fail(fmt::format("ring {}: {}; raise eal.memory", name, rte_strerror(rte_errno)));
  return handle;
}

Result<std::unique_ptr<WorkerRings>> WorkerRings::create(unsigned worker, unsigned workers, int numa_node) {
  auto rings = std::make_unique<WorkerRings>();
  const auto add = [&](auto& ring, const char* kind, unsigned size) {
    return make(ring, fmt::format("{}{}", kind, worker), size, numa_node);
  };
  return add(rings->injections, "injections", kPacketRingSize)
      .and_then([&] { return add(rings->exceptions, "exceptions", kPacketRingSize); })
      .and_then([&] { return add(rings->requests, "requests", kRequestRingSize); })
      .and_then([&] { return add(rings->answers, "answers", kRequestRingSize); })
      .and_then([&] { return make_handovers(*rings, worker, workers, numa_node); })
      .and_then([&] { return rings->bell.open(); })
      .map([&] { return std::move(rings); });
}

bool WorkerRings::quiet() const noexcept {
  return injections.empty() && requests.empty() &&
         std::ranges::all_of(handed_in, [](const Ring<rte_mbuf>& ring) { return !ring || ring.empty(); });
}

WorkerRings::~WorkerRings() {
  if (injections) free_all(injections);
  if (exceptions) free_all(exceptions);
  for (Ring<rte_mbuf>& ring : handed_in)
    if (ring) free_all(ring);
}

}  // namespace gate41
