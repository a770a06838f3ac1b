// Capture: the client's descriptor, and the four ways a capture ends.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/unit/operator/site.hpp"

namespace gate41::testing {
namespace {

using ::testing::HasSubstr;

const std::string kCapture = "{\"version\":1,\"command\":\"capture\",\"drops\":true,\"count\":7}\n";
const Json kOk = {{"end", {{"ok", true}}}};

// The two ends of a pipe.
struct Pipe {
  Pipe() {
    int ends[2] = {-1, -1};
    EXPECT_EQ(::pipe(ends), 0);
    read.reset(ends[0]);
    write.reset(ends[1]);
  }
  loop::Fd read;
  loop::Fd write;
};

bool start(Site& site, const Peer& peer, Pipe& pipe) {
  peer.send_with_descriptor(kCapture, pipe.write.get());
  pipe.write.reset();
  return site.until([&] { return site.view.is_capturing; });
}

// Everybody has closed the writing end.
bool nobody_writes(const Pipe& pipe) {
  char byte = 0;
  return ::read(pipe.read.get(), &byte, 1) == 0;
}

TEST(OperatorCapture, HandsTheClientsDescriptorToTheView) {
  Site site;
  Peer peer = site.connect();
  Pipe pipe;
  ASSERT_TRUE(start(site, peer, pipe));
  EXPECT_TRUE(site.view.capture_drops);
  EXPECT_EQ(site.view.capture_max, 7U);
  ASSERT_EQ(::write(site.view.capture_file.get(), "pcapng", 6), 6);
  std::string got(6, ' ');
  ASSERT_EQ(::read(pipe.read.get(), got.data(), got.size()), 6);
  EXPECT_EQ(got, "pcapng");
}

TEST(OperatorCapture, EndsWhenTheViewsCaptureIsOver) {
  Site site;
  Peer peer = site.connect();
  Pipe pipe;
  ASSERT_TRUE(start(site, peer, pipe));
  site.server->on_turn(now());
  site.settle();
  peer.read();
  EXPECT_EQ(peer.received(), 0U);
  site.view.is_capturing = false;
  site.server->on_turn(now());
  ASSERT_TRUE(site.answered(peer));
  EXPECT_THAT(peer.values(), ::testing::ElementsAre(Json{{"captured", 41}}, kOk));
}

TEST(OperatorCapture, AsksForATurnSoonToSeeItsEnd) {
  Site site;
  Peer peer = site.connect();
  Pipe pipe;
  ASSERT_TRUE(start(site, peer, pipe));
  const TimePoint t = TimePoint(std::chrono::seconds(1000));
  site.server->on_turn(t);
  ASSERT_TRUE(site.server->next_deadline());
  EXPECT_LE(*site.server->next_deadline(), t + std::chrono::milliseconds(100));
}

TEST(OperatorCapture, StopsWhenTheClientEndsItsWritingAndStillTellsTheNumber) {
  Site site;
  Peer peer = site.connect();
  Pipe pipe;
  ASSERT_TRUE(start(site, peer, pipe));
  peer.end_input();
  ASSERT_TRUE(site.until([&] { return site.view.capture_stops > 0; }));
  site.view.is_capturing = false;
  site.server->on_turn(now());
  ASSERT_TRUE(site.closed(peer));
  EXPECT_EQ(peer.values().front(), (Json{{"captured", 41}}));
}

TEST(OperatorCapture, StopsWhenTheClientHangsUp) {
  Site site;
  Peer peer = site.connect();
  Pipe pipe;
  ASSERT_TRUE(start(site, peer, pipe));
  peer.hang_up();
  EXPECT_TRUE(site.until([&] { return site.view.capture_stops == 1; }));
}

TEST(OperatorCapture, StopsWithTheServer) {
  Site site;
  Peer peer = site.connect();
  Pipe pipe;
  ASSERT_TRUE(start(site, peer, pipe));
  site.server.reset();
  EXPECT_EQ(site.view.capture_stops, 1);
}

TEST(OperatorCapture, AQuietClientKeepsItsCapture) {
  Site site;
  Peer peer = site.connect();
  Pipe pipe;
  ASSERT_TRUE(start(site, peer, pipe));
  for (int minute = 0; minute < 60; ++minute)
    site.server->on_turn(TimePoint(std::chrono::minutes(1000 + minute)));
  peer.read();
  EXPECT_FALSE(peer.closed());
  EXPECT_EQ(site.view.capture_stops, 0);
}

TEST(OperatorCapture, WithoutADescriptorIsRefused) {
  Site site;
  Peer peer = site.connect();
  peer.send(kCapture);
  ASSERT_TRUE(site.answered(peer));
  EXPECT_THAT(error_of(peer.values().back()), HasSubstr("descriptor"));
  EXPECT_TRUE(site.view.asked.empty());
}

TEST(OperatorCapture, ASecondOneIsRefusedAndItsDescriptorClosed) {
  Site site;
  Peer first = site.connect();
  Pipe pipe;
  ASSERT_TRUE(start(site, first, pipe));
  Peer second = site.connect();
  Pipe other;
  second.send_with_descriptor(kCapture, other.write.get());
  other.write.reset();
  ASSERT_TRUE(site.answered(second));
  EXPECT_THAT(error_of(second.values().back()), HasSubstr("one at a time"));
  EXPECT_TRUE(nobody_writes(other));
}

TEST(OperatorCapture, TheViewsRefusalIsPassedOn) {
  Site site;
  site.view.capture_error = "no memory for the capture ring";
  Peer peer = site.connect();
  Pipe pipe;
  peer.send_with_descriptor(kCapture, pipe.write.get());
  ASSERT_TRUE(site.answered(peer));
  EXPECT_EQ(error_of(peer.values().back()), "no memory for the capture ring");
}

TEST(OperatorCapture, ADescriptorWithAnotherCommandIsClosedWithTheConnection) {
  Site site;
  Peer peer = site.connect();
  Pipe pipe;
  peer.send_with_descriptor("{\"version\":1,\"command\":\"version\"}\n", pipe.write.get());
  pipe.write.reset();
  ASSERT_TRUE(site.answered(peer));
  peer.hang_up();
  site.settle();
  EXPECT_TRUE(nobody_writes(pipe));
}

}  // namespace
}  // namespace gate41::testing
