#include "dataplane/net/cursor.hpp"

#include <array>
#include <gtest/gtest.h>

#include "dataplane/net/headers.hpp"

namespace gate41::testing {
namespace {
constexpr std::array<uint8_t, 8> kBytes = {1, 2, 3, 4, 5, 6, 7, 8};
}

TEST(Reader, ReadsInNetworkOrder) {
  Reader in(kBytes);
  EXPECT_EQ(in.u8(), 0x01);
  EXPECT_EQ(in.u16(), 0x0203);
  EXPECT_EQ(in.u32(), 0x04050607U);
  EXPECT_EQ(in.offset(), 7U);
  EXPECT_EQ(in.remaining(), 1U);
  EXPECT_FALSE(in.failed());
}

TEST(Reader, ReadsToTheLastByte) {
  Reader in(kBytes);
  in.skip(4);
  EXPECT_EQ(in.u32(), 0x05060708U);
  EXPECT_FALSE(in.failed());
  EXPECT_EQ(in.remaining(), 0U);
}

TEST(Reader, GivesZerosPastTheEnd) {
  Reader in(kBytes);
  in.skip(7);
  EXPECT_EQ(in.u16(), 0);
  EXPECT_TRUE(in.failed());
}

TEST(Reader, FailsForGoodOnceItFailed) {
  Reader in(kBytes);
  in.skip(9);
  EXPECT_EQ(in.u8(), 0);
  EXPECT_EQ(in.remaining(), 0U);
  EXPECT_TRUE(in.rest().empty());
  EXPECT_TRUE(in.failed());
}

TEST(Reader, HugeCountsDoNotWrapAround) {
  Reader in(kBytes);
  in.skip(1);
  EXPECT_TRUE(in.bytes(SIZE_MAX).empty());
  EXPECT_TRUE(in.failed());
}

TEST(Reader, GivesSpansOfTheInput) {
  Reader in(kBytes);
  in.skip(2);
  const Bytes two = in.bytes(2);
  EXPECT_EQ(two.data(), kBytes.data() + 2);
  EXPECT_EQ(in.rest().size(), 4U);
  EXPECT_FALSE(in.failed());
}

TEST(Reader, OfNothingFailsOnlyWhenRead) {
  Reader in{Bytes{}};
  EXPECT_TRUE(in.rest().empty());
  EXPECT_FALSE(in.failed());
  in.u8();
  EXPECT_TRUE(in.failed());
}

TEST(Writer, WritesInNetworkOrder) {
  std::array<uint8_t, 9> buffer{};
  Writer out(buffer);
  out.u8(1);
  out.u16(0x0203);
  out.u32(0x04050607);
  out.bytes(std::array<uint8_t, 2>{8, 9});
  EXPECT_EQ(buffer, (std::array<uint8_t, 9>{1, 2, 3, 4, 5, 6, 7, 8, 9}));
  EXPECT_EQ(out.size(), 9U);
  EXPECT_FALSE(out.failed());
}

TEST(Writer, NeverWritesPastTheEnd) {
  std::array<uint8_t, 4> buffer = {0xee, 0xee, 0xee, 0xee};
  Writer out{std::span<uint8_t>(buffer).first(3)};
  out.u16(0x0102);
  out.u32(0x03040506);
  EXPECT_TRUE(out.failed());
  EXPECT_EQ(buffer, (std::array<uint8_t, 4>{1, 2, 0xee, 0xee}));
  out.u8(7);
  EXPECT_EQ(out.size(), 2U);
}

TEST(Writer, FillsWithZeros) {
  std::array<uint8_t, 4> buffer = {0xee, 0xee, 0xee, 0xee};
  Writer out(buffer);
  out.u8(1);
  out.zeros(2);
  EXPECT_EQ(buffer, (std::array<uint8_t, 4>{1, 0, 0, 0xee}));
}

TEST(Writer, PatchesOnlyWhatIsWritten) {
  std::array<uint8_t, 4> buffer{};
  Writer out(buffer);
  out.u16(0);
  out.patch_u16(0, 0x1234);
  EXPECT_EQ(buffer, (std::array<uint8_t, 4>{0x12, 0x34, 0, 0}));
  EXPECT_FALSE(out.failed());
  out.patch_u16(1, 0xffff);
  EXPECT_TRUE(out.failed());
  EXPECT_EQ(buffer, (std::array<uint8_t, 4>{0x12, 0x34, 0, 0}));
}

// SIZE_MAX + 2 is 1: no position may be a way around the bound.
TEST(Writer, HugePositionsDoNotWrapAround) {
  std::array<uint8_t, 4> buffer{};
  Writer out(buffer);
  out.u32(0);
  out.patch_u16(SIZE_MAX, 0xffff);
  EXPECT_TRUE(out.failed());
}

}  // namespace gate41::testing
