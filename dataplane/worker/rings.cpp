#include "dataplane/worker/rings.hpp"

#include <array>
#include <fmt/core.h>

#include <rte_errno.h>

namespace gate41 {
namespace {

constexpr unsigned kPacketRingSize = 1024;
constexpr unsigned kRequestRingSize = 4;  // one request at a time

template <typename T>
Result<void> make(Ring<T>& ring, const char* kind, unsigned worker, unsigned size, int numa_node) {
  Result<RingHandle> handle =
      create_ring(fmt::format("{}{}", kind, worker), size, numa_node, RING_F_SP_ENQ | RING_F_SC_DEQ);
  if (!handle) return tl::unexpected(handle.error());
  ring = Ring<T>(std::move(*handle));
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

Result<std::unique_ptr<WorkerRings>> WorkerRings::create(unsigned worker, int numa_node) {
  auto rings = std::make_unique<WorkerRings>();
  return make(rings->injections, "injections", worker, kPacketRingSize, numa_node)
      .and_then([&] { return make(rings->exceptions, "exceptions", worker, kPacketRingSize, numa_node); })
      .and_then([&] { return make(rings->requests, "requests", worker, kRequestRingSize, numa_node); })
      .and_then([&] { return make(rings->answers, "answers", worker, kRequestRingSize, numa_node); })
      .and_then([&] { return rings->bell.open(); })
      .map([&] { return std::move(rings); });
}

WorkerRings::~WorkerRings() {
  if (injections) free_all(injections);
  if (exceptions) free_all(exceptions);
}

}  // namespace gate41
