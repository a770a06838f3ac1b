#include "dataplane/worker/pcapng.hpp"

#include <gtest/gtest.h>

#include "tests/unit/runtime/pcapng_reader.hpp"

namespace gate41::testing {
namespace {

using pcapng::BlockWriter;
using pcapng::LinkType;
using pcapng::PacketDirection;
using pcapng::PacketRecord;

// What a reader finds after the headers of two interfaces and these packets.
PcapngReader read_back(const std::vector<PacketRecord>& records) {
  BlockWriter writer;
  writer.section_header("gate41");
  writer.interface("wan", LinkType::ethernet);
  writer.interface("inside", LinkType::ipv6);
  for (const PacketRecord& record : records) writer.packet(record);
  return PcapngReader(writer.bytes());
}

const std::vector<uint8_t> kBytes = {0xde, 0xad, 0xbe, 0xef, 0x05};

}  // namespace

TEST(Pcapng, StartsWithASectionThatNamesTheProgram) {
  EXPECT_EQ(read_back({}).sections, 1u);
  EXPECT_EQ(read_back({}).application, "gate41");
}

TEST(Pcapng, DescribesInterfacesByNameAndLinkType) {
  const PcapngReader file = read_back({});
  ASSERT_EQ(file.interfaces.size(), 2u);
  EXPECT_EQ(file.interfaces[0].name, "wan");
  EXPECT_EQ(file.interfaces[0].link_type, 1);  // LINKTYPE_ETHERNET
  EXPECT_EQ(file.interfaces[1].name, "inside");
  EXPECT_EQ(file.interfaces[1].link_type, 229);  // LINKTYPE_IPV6
}

TEST(Pcapng, CountsTimeInNanoseconds) {
  const PcapngReader file = read_back({{.nanoseconds = 1'700'000'000'123'456'789, .bytes = kBytes}});
  EXPECT_EQ(file.interfaces[0].timestamp_resolution, 9);
  EXPECT_EQ(file.packets.at(0).timestamp, 1'700'000'000'123'456'789u);
}

TEST(Pcapng, KeepsThePacketsBytesWhateverTheirNumber) {
  for (std::size_t length = 0; length <= kBytes.size(); ++length) {
    const std::vector<uint8_t> part(kBytes.begin(), kBytes.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_EQ(read_back({{.bytes = part, .comment = "c"}}).packets.at(0).bytes, part);
  }
}

TEST(Pcapng, TellsTheLengthBeforeACut) {
  EXPECT_EQ(read_back({{.bytes = kBytes, .original_length = 1514}}).packets.at(0).original_length, 1514u);
}

TEST(Pcapng, TellsTheDirection) {
  const PcapngReader file = read_back({{.bytes = kBytes, .direction = PacketDirection::inbound},
                                       {.bytes = kBytes, .direction = PacketDirection::outbound},
                                       {.bytes = kBytes}});
  EXPECT_EQ(file.packets.at(0).flags & 3U, 1u);
  EXPECT_EQ(file.packets.at(1).flags & 3U, 2u);
  EXPECT_EQ(file.packets.at(2).flags & 3U, 0u);
}

TEST(Pcapng, CarriesAComment) {
  EXPECT_EQ(read_back({{.bytes = kBytes, .comment = "dropped: hop_limit"}}).packets.at(0).comment,
            "dropped: hop_limit");
}

TEST(Pcapng, HasNoCommentWhereThereIsNothingToSay) {
  EXPECT_EQ(read_back({{.bytes = kBytes}}).packets.at(0).comment, std::nullopt);
}

TEST(Pcapng, AttributesPacketsToInterfaces) {
  EXPECT_EQ(read_back({{.interface = 1, .bytes = kBytes}}).packets.at(0).interface, 1u);
}

TEST(Pcapng, StartsAnewAfterClear) {
  BlockWriter writer;
  writer.section_header("gate41");
  writer.clear();
  EXPECT_TRUE(writer.bytes().empty());
}

}  // namespace gate41::testing
