// Dataplane: packets between control and the workers.
#include <array>
#include <cstring>

#include "dataplane/worker/dataplane_impl.hpp"

namespace gate41 {

rte_mbuf* Dataplane::Impl::copy_in(std::span<const uint8_t> bytes, InjectKind kind, uint16_t link) {
  rte_mbuf* mbuf = bytes.size() > UINT16_MAX ? nullptr : rte_pktmbuf_alloc(pool.get());
  if (mbuf == nullptr) return nullptr;
  char* room = rte_pktmbuf_append(mbuf, static_cast<uint16_t>(bytes.size()));
  if (room == nullptr) {
    rte_pktmbuf_free(mbuf);
    return nullptr;
  }
  std::memcpy(room, bytes.data(), bytes.size());
  meta_of(mbuf) = MbufMeta{};
  meta_of(mbuf).inject_kind = kind;
  meta_of(mbuf).link = link;
  return mbuf;
}

// Of this box: to the first worker, which remembers what the box has sent.
bool Dataplane::Impl::post(rte_mbuf* mbuf) {
  if (mbuf != nullptr) meta_of(mbuf).worker = 0;
  return post_back(mbuf);
}

// To the worker that `meta` names: what has waited goes on where its flow is.
bool Dataplane::Impl::post_back(rte_mbuf* mbuf) {
  WorkerRings& rings = *workers[mbuf == nullptr ? 0 : meta_of(mbuf).worker].rings;
  if (mbuf != nullptr && rings.injections.push(mbuf)) {
    rings.bell.ring();
    return true;
  }
  rte_pktmbuf_free(mbuf);
  ++injections_refused;
  return false;
}

bool Dataplane::inject_frame(uint16_t link, std::span<const uint8_t> frame) {
  return impl_->post(impl_->copy_in(frame, InjectKind::frame, link));
}

bool Dataplane::inject_host_v4(uint16_t link, std::span<const uint8_t> frame) {
  return impl_->post(impl_->copy_in(frame, InjectKind::host_v4, link));
}

bool Dataplane::inject_routed(std::span<const uint8_t> ipv6_packet) {
  return impl_->post(impl_->copy_in(ipv6_packet, InjectKind::routed, 0));
}

bool Dataplane::inject_resumed(rte_mbuf* mbuf) {
  meta_of(mbuf).inject_kind = InjectKind::resumed;
  return impl_->post_back(mbuf);
}

bool Dataplane::inject_failed(rte_mbuf* mbuf) {
  meta_of(mbuf).inject_kind = InjectKind::failed;
  return impl_->post_back(mbuf);
}

bool Dataplane::inject_crowded(rte_mbuf* mbuf) {
  meta_of(mbuf).inject_kind = InjectKind::crowded;
  return impl_->post_back(mbuf);
}

void Dataplane::free_packet(rte_mbuf* mbuf) { rte_pktmbuf_free(mbuf); }

uint64_t Dataplane::injections_refused() const { return impl_->injections_refused; }

int Dataplane::exception_fd() const { return impl_->bell.fd(); }

void Dataplane::drain_exceptions(const ExceptionHandler& handler, unsigned budget) {
  impl_->bell.silence();
  impl_->bell.announce_sleep();  // first: what comes from here on rings again
  for (Worker& worker : impl_->workers) {
    std::array<rte_mbuf*, kBurst> packets;
    std::size_t n = 1;
    while (n > 0 && budget > 0) {
      n = worker.rings->exceptions.pop(
          std::span(packets).first(std::min<std::size_t>(packets.size(), budget)));
      budget -= static_cast<unsigned>(n);
      for (std::size_t i = 0; i < n; ++i) {
        const MbufMeta meta = meta_of(packets[i]);
        handler(packets[i], meta);
      }
    }
    if (!worker.rings->exceptions.empty()) impl_->bell.wake();
  }
}

}  // namespace gate41
