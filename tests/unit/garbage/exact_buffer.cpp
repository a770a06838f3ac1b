#include "tests/unit/garbage/exact_buffer.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>

namespace gate41::testing {
namespace {

void release(void* memory, void* info) {
  std::free(memory);
  std::unique_ptr<rte_mbuf_ext_shared_info>(static_cast<rte_mbuf_ext_shared_info*>(info));
}

rte_mbuf_ext_shared_info* new_info() {
  auto info = std::make_unique<rte_mbuf_ext_shared_info>();
  info->free_cb = release;
  info->fcb_opaque = info.get();
  rte_mbuf_ext_refcnt_set(info.get(), 1);
  return info.release();
}

}  // namespace

rte_mbuf* exact_mbuf(rte_mempool* pool, std::span<const uint8_t> bytes, std::size_t headroom) {
  rte_mbuf* mbuf = rte_pktmbuf_alloc(pool);
  const std::size_t size = headroom + bytes.size();
  auto* memory = static_cast<uint8_t*>(std::malloc(size));
  if (mbuf == nullptr || (memory == nullptr && size != 0)) std::abort();
  std::copy(bytes.begin(), bytes.end(), memory + headroom);
  rte_pktmbuf_attach_extbuf(mbuf, memory, RTE_BAD_IOVA, static_cast<uint16_t>(size), new_info());
  mbuf->data_off = static_cast<uint16_t>(headroom);
  mbuf->data_len = static_cast<uint16_t>(bytes.size());
  mbuf->pkt_len = mbuf->data_len;
  return mbuf;
}

rte_mbuf* exact_chain(rte_mempool* pool, std::span<const uint8_t> bytes,
                      const std::vector<std::size_t>& cuts) {
  rte_mbuf* head = nullptr;
  std::size_t start = 0;
  const auto add = [&](std::size_t end) {
    rte_mbuf* part = exact_mbuf(pool, bytes.subspan(start, end - start), 0);
    start = end;
    if (head == nullptr)
      head = part;
    else if (rte_pktmbuf_chain(head, part) != 0)
      std::abort();
  };
  for (const std::size_t cut : cuts) add(cut);
  add(bytes.size());
  return head;
}

}  // namespace gate41::testing
