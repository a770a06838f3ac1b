// Preloaded into gate41d (LD_PRELOAD): times each turn of a worker, from one look at its first receive queue
// to the next, in the processor time of its thread and by the clock. DPDK calls us after each look, whether
// it found packets or not (rte_eth_add_rx_callback); the daemon does not know. The other side is whoever has
// the file, named by GATE41_TURNS, mapped too: it raises `round` to have all forgotten.
//
// The two readings of a clock are in what is measured, half a microsecond a turn.
#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <dlfcn.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <rte_ethdev.h>

namespace {

constexpr unsigned kWorkers = 8;
constexpr unsigned kClasses = 40;  // of durations: from 2^n ns to twice that

struct alignas(64) Worker {
  std::atomic<uint64_t> round;  // that the figures belong to
  std::atomic<uint64_t> turns;
  std::atomic<uint64_t> longest;                          // nanoseconds of the thread
  std::atomic<uint64_t> its_wall;                         // the same turn by the clock
  std::atomic<uint64_t> longest_wall;                     // of another turn, perhaps
  std::array<std::atomic<uint64_t>, kClasses> by_length;  // of the thread
};
struct Page {
  std::atomic<uint64_t> round;
  std::atomic<uint64_t> workers;
  std::array<Worker, kWorkers> each;
};
Page* page = nullptr;

uint64_t nanoseconds(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<uint64_t>(now.tv_nsec);
}

// A thread's own.
struct Mark {
  Worker* worker = nullptr;  // null: its first look
  uint32_t queue = 0;        // its first one: port and queue
  uint64_t own = 0, wall = 0;
};
thread_local Mark mark;

void add(std::atomic<uint64_t>& value) {
  value.store(value.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

void forget(Worker& worker, uint64_t round) {
  worker.turns = worker.longest = worker.its_wall = worker.longest_wall = 0;
  for (std::atomic<uint64_t>& count : worker.by_length) count = 0;
  worker.round = round;
}

void note(Worker& worker, uint64_t own, uint64_t wall) {
  add(worker.turns);
  add(worker.by_length[std::min<unsigned>(static_cast<unsigned>(std::bit_width(own)), kClasses) - (own > 0)]);
  if (own > worker.longest.load(std::memory_order_relaxed)) {
    worker.longest = own;
    worker.its_wall = wall;
  }
  if (wall > worker.longest_wall.load(std::memory_order_relaxed)) worker.longest_wall = wall;
}

uint16_t looked(uint16_t port, uint16_t queue, rte_mbuf** /*frames*/, uint16_t count, uint16_t /*most*/,
                void* /*nothing*/) {
  const uint32_t here = uint32_t{port} << 16U | queue;
  const bool first = mark.worker == nullptr;
  if (!first && mark.queue != here) return count;
  const uint64_t own = nanoseconds(CLOCK_THREAD_CPUTIME_ID);
  const uint64_t wall = nanoseconds(CLOCK_MONOTONIC);
  if (first) {
    const uint64_t number = page->workers.fetch_add(1);
    mark.worker = &page->each[std::min<uint64_t>(number, kWorkers - 1)];
    mark.queue = here;
  } else if (const uint64_t round = page->round.load(std::memory_order_relaxed);
             mark.worker->round.load(std::memory_order_relaxed) != round) {
    forget(*mark.worker, round);
  } else {
    // The scheduler's count jumps now and then, in a virtual machine: no turn has taken more than the clock
    // says.
    note(*mark.worker, std::min(own - mark.own, wall - mark.wall), wall - mark.wall);
  }
  mark.own = own;
  mark.wall = wall;
  return count;
}

[[gnu::constructor]] void open_page() {
  const char* path = std::getenv("GATE41_TURNS");
  const int file = path == nullptr ? -1 : ::open(path, O_RDWR | O_CLOEXEC);
  void* shared =
      file < 0 ? MAP_FAILED : ::mmap(nullptr, sizeof(Page), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  if (file >= 0) ::close(file);
  if (shared != MAP_FAILED) page = static_cast<Page*>(shared);
}

}  // namespace

// In place of DPDK's: the callbacks have to be there before the first look.
extern "C" [[gnu::visibility("default")]] int rte_eth_dev_start(uint16_t port) {
  static const auto start = reinterpret_cast<int (*)(uint16_t)>(::dlsym(RTLD_NEXT, "rte_eth_dev_start"));
  rte_eth_dev_info info{};
  if (page != nullptr && rte_eth_dev_info_get(port, &info) == 0)
    for (uint16_t queue = 0; queue < info.nb_rx_queues; ++queue)
      rte_eth_add_rx_callback(port, queue, looked, nullptr);
  return start(port);
}
