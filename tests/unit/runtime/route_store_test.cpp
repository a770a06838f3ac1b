// The left-right pair: what workers see of routes that come and go, and when.
#include "dataplane/worker/route_store.hpp"

#include <gtest/gtest.h>
#include <thread>

namespace gate41::testing {
namespace {

RouteTarget via(uint64_t number) {
  return {RouteTarget::Kind::via, Ipv6Address::from_halves(0xfe80ULL << 48U, number)};
}

Ipv6Prefix site(uint64_t number) {
  return Ipv6Prefix::of(Ipv6Address::from_halves(0x2600ULL << 48U | number << 16U, 0), 48);
}

class RouteStoreTest : public ::testing::Test {
 protected:
  void make(uint32_t max_routes) {
    grace_ = std::move(Grace::create(1, 0).value());
    store_ = std::move(RouteStore::create(*grace_, max_routes).value());
  }
  [[nodiscard]] RouteTarget seen(uint64_t number) const {
    return store_->current().load()->lookup(site(number).address);
  }
  void settle_all() {
    for (int i = 0; store_->due() && i < 1000; ++i) store_->settle();
  }
  // A worker in another thread may need this very core to get on.
  void settle_beside_worker() {
    for (; store_->due(); std::this_thread::yield()) store_->settle();
  }
  std::unique_ptr<Grace> grace_;
  std::unique_ptr<RouteStore> store_;
};

}  // namespace

TEST_F(RouteStoreTest, WorkersSeeARouteOnceItIsSettled) {
  make(4);
  store_->set(site(1), via(1));
  EXPECT_EQ(seen(1), RouteTarget{});
  settle_all();
  EXPECT_EQ(seen(1), via(1));
}

TEST_F(RouteStoreTest, BothSidesHaveSeenEverythingWhenNothingIsDue) {
  make(4);
  store_->set(site(1), via(1));
  settle_all();
  EXPECT_FALSE(store_->due());
  store_->set(site(2), via(2));  // settled on the other side, which must know the first one
  settle_all();
  EXPECT_EQ(seen(1), via(1));
  EXPECT_EQ(seen(2), via(2));
}

TEST_F(RouteStoreTest, ATableThatAWorkerMayBeReadingIsNotChanged) {
  make(4);
  grace_->come(0);
  grace_->quiet(0);
  store_->set(site(1), via(1));
  store_->settle();
  const Fib* live = store_->current().load();
  store_->set(site(2), via(2));
  for (int i = 0; i < 10; ++i) store_->settle();
  EXPECT_EQ(store_->current().load(), live);
  EXPECT_EQ(seen(2), RouteTarget{});
  grace_->quiet(0);
  store_->settle();
  EXPECT_EQ(seen(2), via(2));
}

TEST_F(RouteStoreTest, ManyChangesAreDoneInSlices) {
  make(3 * RouteStore::kSlice);
  for (uint64_t i = 0; i < 2 * RouteStore::kSlice + 1; ++i) store_->set(site(i), via(1));
  store_->settle();
  store_->settle();
  EXPECT_EQ(seen(0), RouteTarget{});  // all or nothing
  store_->settle();
  EXPECT_EQ(seen(0), via(1));
  EXPECT_EQ(seen(2 * RouteStore::kSlice), via(1));
}

// A route that flaps, read by a worker all the time: its own way is the old or the new one, and nobody else's
// ever changes.
TEST_F(RouteStoreTest, AFlapChangesNothingForOtherDestinations) {
  constexpr uint64_t kRoutes = 300;
  constexpr uint64_t kFlapping = 150;
  make(kRoutes);
  for (uint64_t i = 0; i < kRoutes; ++i) store_->set(site(i), via(i % 50));
  settle_all();
  std::atomic<bool> done{false};
  std::atomic<uint64_t> wrong{0};
  grace_->come(0);
  std::thread worker([&] {
    while (!done) {
      const Fib& fib = *store_->current().load(std::memory_order_acquire);
      for (uint64_t i = 0; i < kRoutes; ++i) {
        const RouteTarget& target = fib.lookup(site(i).address);
        if (!(target == via(i % 50)) && !(i == kFlapping && target == RouteTarget{})) ++wrong;
      }
      grace_->quiet(0);
    }
    grace_->leave(0);
  });
  for (int flap = 0; flap < 50; ++flap) {
    store_->erase(site(kFlapping));
    settle_beside_worker();
    store_->set(site(kFlapping), via(kFlapping % 50));
    settle_beside_worker();
  }
  done = true;
  worker.join();
  EXPECT_EQ(wrong, 0U);
}

}  // namespace gate41::testing
