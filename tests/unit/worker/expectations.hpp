// What tests of the pipeline say about an outcome.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <ostream>

#include "tests/unit/worker/site.hpp"

namespace gate41::testing {

inline std::string hex(const Frame& bytes) { return fmt::format("{:02x}", fmt::join(bytes, " ")); }
inline void PrintTo(const Sent& sent, std::ostream* out) {
  *out << "device " << sent.device << ": " << hex(sent.bytes);
}

// Exactly this frame left, and nothing else happened.
inline void expect_sent(const Outcome& outcome, uint16_t device, const PacketBuilder& frame) {
  EXPECT_TRUE(outcome.raised.empty());
  ASSERT_EQ(outcome.sent.size(), 1U);
  EXPECT_EQ(outcome.sent.front(), (Sent{device, frame.build()}));
}
inline void expect_nothing(const Outcome& outcome) {
  EXPECT_TRUE(outcome.sent.empty());
  EXPECT_TRUE(outcome.raised.empty());
}
// Exactly this came to control.
inline void expect_raised(const Outcome& outcome, ExceptionClass exception_class,
                          const PacketBuilder& bytes) {
  EXPECT_TRUE(outcome.sent.empty());
  ASSERT_EQ(outcome.raised.size(), 1U);
  EXPECT_STREQ(name_of(outcome.raised.front().meta.exception_class), name_of(exception_class));
  EXPECT_EQ(hex(outcome.raised.front().bytes), hex(bytes.build()));
}

// An ICMPv6 error whose quote is all of `offending`, which is an IPv6 packet.
inline PacketBuilder error_about(PacketBuilder start, const Ipv6Address& source,
                                 const Ipv6Address& destination, uint8_t type, uint8_t code,
                                 uint32_t parameter, const Frame& offending) {
  return start.ipv6(source, destination).icmpv6(type, code, parameter).payload(offending);
}

}  // namespace gate41::testing
