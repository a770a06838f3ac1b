// One writer, one reader, as control and a worker: readers never see halves. To be run under the thread
// sanitizer too.
#include <atomic>
#include <gtest/gtest.h>
#include <thread>

#include <rte_memory.h>

#include "dataplane/forward/adjacency.hpp"
#include "dataplane/forward/neighbour_table.hpp"

namespace gate41::testing {
namespace {

constexpr uint32_t kRounds = 20000;

// Every field says the same number.
Adjacency uniform(uint8_t number) {
  Adjacency way;
  way.header.fill(number);
  way.header_length = way.ethernet_length = number;
  way.kind = AdjacencyKind::ethernet;
  way.link = way.mtu = number;
  way.neighbour = number;
  return way;
}

bool is_uniform(const Adjacency& way) {
  const uint8_t number = way.header[0];
  for (const uint8_t byte : way.header)
    if (byte != number) return false;
  return way.header_length == number && way.ethernet_length == number && way.link == number &&
         way.mtu == number && way.neighbour == number;
}

TEST(Concurrency, AnAdjacencyIsReadWhole) {
  AdjacencyTable table(4);
  const AdjacencyIndex index = table.allocate();
  table.write(index, uniform(1));
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (uint32_t i = 0; i < kRounds; ++i) table.write(index, uniform(static_cast<uint8_t>(i)));
    done = true;
  });
  uint64_t torn = 0;
  do {
    if (!is_uniform(table.read(index))) ++torn;
  } while (!done);
  writer.join();
  EXPECT_EQ(torn, 0U);
}

TEST(Concurrency, AReusedSlotIsReadAsItsOwnersOrAsNothing) {
  AdjacencyTable table(2);
  std::atomic<AdjacencyIndex> current{table.allocate()};
  table.write(current, uniform(1));
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (uint32_t i = 0; i < kRounds; ++i) {
      table.release(current);
      table.reclaim();
      const AdjacencyIndex next = table.allocate();
      Adjacency way = uniform(1);
      way.neighbour = next;
      table.write(next, way);
      current = next;
    }
    done = true;
  });
  uint64_t strange = 0;
  do {
    const AdjacencyIndex index = current;
    const Adjacency way = table.read(index);
    if (way.kind != AdjacencyKind::unresolved && way.neighbour != index && way.neighbour != 1) ++strange;
  } while (!done);
  writer.join();
  EXPECT_EQ(strange, 0U);
}

// Neighbours come and go; those that stay are always found, and none with another's adjacency. Places are
// given free only when the reader has said that it holds none: its grace period.
TEST(Concurrency, NeighboursAreFoundWhileOthersComeAndGo) {
  auto made = NeighbourTable::create("concurrent", 64, SOCKET_ID_ANY, HashSecret{});
  ASSERT_TRUE(made);
  NeighbourTable& table = **made;
  const auto key = [](uint64_t number) { return NeighbourKey{Ipv6Address::from_halves(1, number), 0, {}}; };
  for (uint32_t i = 0; i < 32; ++i) ASSERT_TRUE(table.insert(key(i), i + 1));
  std::atomic<bool> done{false};
  std::atomic<uint64_t> quiet{0};
  std::thread reader([&] {
    uint64_t wrong = 0;
    for (uint32_t second = 1; !done; ++second) {
      for (uint32_t i = 0; i < 32; ++i)
        if (table.lookup(key(i), second) != i + 1) ++wrong;
      for (uint32_t i = 100; i < 116; ++i) {
        const AdjacencyIndex found = table.lookup(key(i), second);
        if (found != kNoAdjacency && found != i) ++wrong;
      }
      quiet.fetch_add(1);
    }
    EXPECT_EQ(wrong, 0U);
  });
  for (uint32_t round = 0; round < 100; ++round) {
    for (uint32_t i = 100; i < 116; ++i) EXPECT_TRUE(table.insert(key(i), i));
    for (uint32_t i = 100; i < 116; ++i) table.erase(key(i));
    const uint64_t seen = quiet;
    while (quiet < seen + 2) std::this_thread::yield();
    table.reclaim();
    (void)table.take_used(TimePoint{});
  }
  done = true;
  reader.join();
}

}  // namespace
}  // namespace gate41::testing
