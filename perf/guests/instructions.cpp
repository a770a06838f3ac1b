// QEMU plug-in (TCG): counts the guest's instructions, and holds its processor when as many have run as it
// was granted. The other side is whoever shares the page, `page=DESCRIPTOR`; it reads `executed`, and raises
// `granted`. Of the executed it is told apart which were the kernel's, and which of a program's part,
// `driver=FROM-TO` in hexadecimal. Counted is a block of instructions before it runs. Debian has no
// qemu-plugin.h: what of it is used stands here, as in QEMU 7.2, version 1 of the interface
// (docs/devel/tcg-plugins.rst).
#include <atomic>
#include <cinttypes>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <new>
#include <sys/mman.h>
#include <unistd.h>

// NOLINTBEGIN(readability-identifier-naming)
struct qemu_plugin_tb;
using qemu_plugin_id_t = uint64_t;
enum qemu_plugin_cb_flags { QEMU_PLUGIN_CB_NO_REGS };

extern "C" {
void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t id,
                                           void (*translated)(qemu_plugin_id_t, qemu_plugin_tb*));
void qemu_plugin_register_vcpu_tb_exec_cb(qemu_plugin_tb* block, void (*runs)(unsigned, void*),
                                          qemu_plugin_cb_flags flags, void* argument);
std::size_t qemu_plugin_tb_n_insns(const qemu_plugin_tb* block);
uint64_t qemu_plugin_tb_vaddr(const qemu_plugin_tb* block);

[[gnu::visibility("default")]] extern const int qemu_plugin_version;
const int qemu_plugin_version = 1;
[[gnu::visibility("default")]] int qemu_plugin_install(qemu_plugin_id_t id, const void* info, int count,
                                                       char** words);
}
// NOLINTEND(readability-identifier-naming)

namespace {

constexpr useconds_t kLook = 20;                  // microseconds
constexpr uint64_t kKernel = uint64_t{1} << 63U;  // where its addresses begin on x86-64

struct Page {
  std::atomic<uint64_t> executed;
  std::atomic<uint64_t> granted;
  std::atomic<uint64_t> of_kernel;
  std::atomic<uint64_t> of_driver;
};
Page* page = nullptr;
uint64_t driver_begin = 0, driver_end = 0;

// One processor: nobody else writes.
void block_runs(unsigned /*processor*/, void* instructions) {
  const uint64_t executed = page->executed.load(std::memory_order_relaxed);
  while (executed >= page->granted.load(std::memory_order_acquire)) ::usleep(kLook);
  page->executed.store(executed + reinterpret_cast<uintptr_t>(instructions), std::memory_order_release);
}

template <std::atomic<uint64_t> Page::*part>
void block_of_part_runs(unsigned processor, void* instructions) {
  const uint64_t before = (page->*part).load(std::memory_order_relaxed);
  (page->*part).store(before + reinterpret_cast<uintptr_t>(instructions), std::memory_order_relaxed);
  block_runs(processor, instructions);
}

auto* counting(uint64_t address) {
  if ((address & kKernel) != 0) return block_of_part_runs<&Page::of_kernel>;
  const bool driver = address >= driver_begin && address < driver_end;
  return driver ? block_of_part_runs<&Page::of_driver> : block_runs;
}

void block_translated(qemu_plugin_id_t /*id*/, qemu_plugin_tb* block) {
  qemu_plugin_register_vcpu_tb_exec_cb(block, counting(qemu_plugin_tb_vaddr(block)), QEMU_PLUGIN_CB_NO_REGS,
                                       reinterpret_cast<void*>(qemu_plugin_tb_n_insns(block)));
}

}  // namespace

int qemu_plugin_install(qemu_plugin_id_t id, const void* /*info*/, int count, char** words) {
  int descriptor = -1;
  if (count != 2 || std::sscanf(words[0], "page=%d", &descriptor) != 1 ||
      std::sscanf(words[1], "driver=%" SCNx64 "-%" SCNx64, &driver_begin, &driver_end) != 2)
    return 1;
  void* shared = ::mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  if (shared == MAP_FAILED) return 1;
  page = static_cast<Page*>(shared);
  qemu_plugin_register_vcpu_tb_trans_cb(id, block_translated);
  return 0;
}
