#include "dataplane/base/drop_reason.hpp"

#include <gtest/gtest.h>
#include <set>
#include <string>

namespace gate41::testing {

TEST(DropReason, HasTheTextOfItsOwn) {
  EXPECT_EQ(text_of(DropReason::frame_too_long).name, "frame_too_long");
  EXPECT_EQ(text_of(DropReason::ecn_ce_not_ect).name, "ecn_ce_not_ect");
  EXPECT_EQ(text_of(DropReason::ecn_ce_not_ect).rows, "F4");
  EXPECT_EQ(text_of(DropReason::handover_full).name, "handover_full");
}

TEST(DropReason, NamesAndSentencesAreUnique) {
  std::set<std::string_view> names;
  std::set<std::string_view> sentences;
  for (const DropReasonText& text : kDropReasons) {
    names.insert(text.name);
    sentences.insert(text.sentence);
  }
  EXPECT_EQ(names.size(), kDropReasonCount);
  EXPECT_EQ(sentences.size(), kDropReasonCount);
}

// They are label values of metrics.
TEST(DropReason, NamesAreLowerCaseWords) {
  for (const DropReasonText& text : kDropReasons)
    EXPECT_EQ(text.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_"), std::string_view::npos)
        << text.name;
}

}  // namespace gate41::testing
