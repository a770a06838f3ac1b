// Grace periods and what waits for them, with a worker played by the test.
#include "dataplane/worker/grace.hpp"

#include <gtest/gtest.h>

#include "dataplane/worker/snapshot_store.hpp"

namespace gate41::testing {
namespace {

class GracePeriods : public ::testing::Test {
 protected:
  void SetUp() override {
    auto created = Grace::create(1, 0);
    ASSERT_TRUE(created) << created.error().message;
    grace_ = std::move(*created);
  }
  std::unique_ptr<Grace> grace_;
};

std::unique_ptr<const Snapshot> snapshot(uint64_t generation) {
  auto made = std::make_unique<Snapshot>();
  made->generation = generation;
  return made;
}

}  // namespace

TEST_F(GracePeriods, WaitForAWorkerThatIsThere) {
  grace_->come(0);
  const Grace::Token token = grace_->begin();
  EXPECT_FALSE(grace_->passed(token));
  grace_->quiet(0);
  EXPECT_TRUE(grace_->passed(token));
}

TEST_F(GracePeriods, DoNotWaitForAWorkerThatNaps) {
  grace_->come(0);
  const Grace::Token token = grace_->begin();
  grace_->leave(0);
  EXPECT_TRUE(grace_->passed(token));
}

TEST_F(GracePeriods, AreNotEndedByAQuietPointBefore) {
  grace_->come(0);
  grace_->quiet(0);
  EXPECT_FALSE(grace_->passed(grace_->begin()));
}

TEST_F(GracePeriods, AreGivenUpWhenAWorkerIsHeldUp) {
  grace_->come(0);
  EXPECT_FALSE(grace_->wait_briefly());
}

TEST_F(GracePeriods, KeepAnOldSnapshotWhileAWorkerMayReadIt) {
  SnapshotStore store(*grace_);
  grace_->come(0);
  store.publish(snapshot(1));
  store.publish(snapshot(2));
  store.reclaim();
  EXPECT_EQ(store.retired(), 1u);
  grace_->quiet(0);
  store.reclaim();
  EXPECT_EQ(store.retired(), 0u);
}

TEST_F(GracePeriods, FreeAnOldSnapshotWithTheNextOne) {
  SnapshotStore store(*grace_);
  grace_->come(0);
  store.publish(snapshot(1));
  store.publish(snapshot(2));
  grace_->quiet(0);
  store.publish(snapshot(3));
  EXPECT_EQ(store.retired(), 1u);  // the second one
  EXPECT_EQ(store.current().load()->generation, 3u);
}

}  // namespace gate41::testing
