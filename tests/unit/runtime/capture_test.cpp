// Captures of a running data path, written into a file in memory or a pipe.
#include <csignal>
#include <ctime>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/runtime/box.hpp"
#include "tests/unit/runtime/pcapng_reader.hpp"

namespace gate41::testing {
namespace {

// A file that outlives the capture, which closes the descriptor that it is given.
class CaptureFile {
 public:
  CaptureFile() : fd_(::memfd_create("capture", 0)) {}
  ~CaptureFile() { ::close(fd_); }
  CaptureFile(const CaptureFile&) = delete;
  CaptureFile& operator=(const CaptureFile&) = delete;

  [[nodiscard]] int descriptor_for_capture() const { return ::dup(fd_); }
  [[nodiscard]] PcapngReader read() const {
    std::vector<uint8_t> bytes(static_cast<std::size_t>(::lseek(fd_, 0, SEEK_END)));
    EXPECT_EQ(::pread(fd_, bytes.data(), bytes.size(), 0), static_cast<ssize_t>(bytes.size()));
    return PcapngReader(bytes);
  }

 private:
  int fd_;
};

// The last capture is freed after a grace period; until then a new one is refused.
bool start(int fd, bool drops_only = false, uint64_t max_packets = 0) {
  box().stop_capture();
  const bool started = eventually([&] { return box().start_capture(::dup(fd), drops_only, max_packets); });
  ::close(fd);
  return started;
}

// Sent on the WAN, received on it, dropped there.
void send_a_frame_round() { ASSERT_TRUE(box().inject_frame(kWan, unknown_frame())); }
bool captured(uint64_t packets) {
  return eventually([&] { return box().captured() >= packets; });
}

}  // namespace

TEST(Capture, SeesAPacketSentReceivedAndDropped) {
  const CaptureFile file;
  ASSERT_TRUE(start(file.descriptor_for_capture()));
  send_a_frame_round();
  ASSERT_TRUE(captured(3));
  box().stop_capture();
  const PcapngReader read = file.read();
  ASSERT_EQ(read.packets.size(), 3u);
  for (const PcapngReader::Packet& packet : read.packets) {
    EXPECT_EQ(packet.bytes, unknown_frame());
    EXPECT_EQ(packet.original_length, unknown_frame().size());
    EXPECT_EQ(read.interfaces.at(packet.interface).name, "wan");
  }
  EXPECT_EQ(read.packets[0].flags & 3U, 2u);  // outbound
  EXPECT_EQ(read.packets[1].flags & 3U, 1u);  // inbound
  EXPECT_EQ(read.packets[2].comment, "dropped: ether_type_unknown: neither ARP, IPv4 nor IPv6");
}

TEST(Capture, DescribesAnInterfaceForEachLink) {
  const CaptureFile file;
  ASSERT_TRUE(start(file.descriptor_for_capture()));
  send_a_frame_round();
  ASSERT_TRUE(captured(1));
  box().stop_capture();
  const PcapngReader read = file.read();
  ASSERT_GE(read.interfaces.size(), 2u);
  EXPECT_EQ(read.interfaces[kWan].name, "wan");
  EXPECT_EQ(read.interfaces[kLan].name, "lan-1");
}

TEST(Capture, StampsTheTimeOfDay) {
  const CaptureFile file;
  const auto before = static_cast<uint64_t>(std::time(nullptr)) * 1'000'000'000;
  ASSERT_TRUE(start(file.descriptor_for_capture()));
  send_a_frame_round();
  ASSERT_TRUE(captured(3));
  box().stop_capture();
  const PcapngReader read = file.read();
  EXPECT_GE(read.packets.at(0).timestamp, before);
  EXPECT_LE(read.packets.at(0).timestamp, read.packets.at(2).timestamp);
  EXPECT_LE(read.packets.at(2).timestamp, (static_cast<uint64_t>(std::time(nullptr)) + 1) * 1'000'000'000);
}

TEST(Capture, OfDropsLeavesTheOthersOut) {
  const CaptureFile file;
  ASSERT_TRUE(start(file.descriptor_for_capture(), true));
  send_a_frame_round();
  ASSERT_TRUE(captured(1));
  box().stop_capture();
  const PcapngReader read = file.read();
  ASSERT_EQ(read.packets.size(), 1u);
  EXPECT_TRUE(read.packets[0].comment.has_value());
}

TEST(Capture, EndsAtItsLimit) {
  const CaptureFile file;
  ASSERT_TRUE(start(file.descriptor_for_capture(), false, 2));
  send_a_frame_round();
  ASSERT_TRUE(eventually([] { return !box().capturing(); }));
  EXPECT_EQ(file.read().packets.size(), 2u);
  EXPECT_EQ(box().captured(), 2u);
}

TEST(Capture, EndsWhenItsReaderHangsUp) {
  std::signal(SIGPIPE, SIG_IGN);
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_TRUE(start(ends[1]));
  ASSERT_TRUE(box().capturing());
  ::close(ends[0]);
  EXPECT_TRUE(eventually([] { return !box().capturing(); }));
}

TEST(Capture, IsStoppedAlthoughItsReaderTakesNothing) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_TRUE(start(ends[1]));
  const uint64_t before = box().counters().dropped;
  for (int i = 0; i < 700; ++i)  // three copies each, over the 64 KiB of a pipe
    ASSERT_TRUE(eventually([] { return box().inject_frame(kWan, unknown_frame()); }));
  ASSERT_TRUE(eventually([&] { return box().counters().dropped >= before + 700; }));
  box().stop_capture();
  EXPECT_FALSE(box().capturing());
  ::close(ends[0]);
}

TEST(Capture, ClosesItsDescriptor) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  ASSERT_TRUE(start(ends[1]));
  box().stop_capture();
  std::vector<uint8_t> bytes(65536);
  EXPECT_GT(::read(ends[0], bytes.data(), bytes.size()), 0);  // the headers
  EXPECT_EQ(::read(ends[0], bytes.data(), bytes.size()), 0);  // the end
  ::close(ends[0]);
}

TEST(Capture, IsOneAtATime) {
  const CaptureFile file;
  ASSERT_TRUE(start(file.descriptor_for_capture()));
  EXPECT_FALSE(box().start_capture(file.descriptor_for_capture(), false, 0));
  box().stop_capture();
}

}  // namespace gate41::testing
