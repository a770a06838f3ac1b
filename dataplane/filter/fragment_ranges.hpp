// FragmentRanges: which bytes of a fragmented packet have passed, so that none passes twice with another
// content (RFC 5722: fragments that overlap take the whole packet with them). The bytes themselves are not
// kept: what lies wholly within what has passed may be the same again, and does not pass; what does so in
// part never is.
#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "dataplane/base/drop_reason.hpp"

namespace gate41 {

// Of the fragmentable part, in bytes: [begin, end).
struct FragmentRange {
  uint32_t begin = 0;
  uint32_t end = 0;
};

class FragmentRanges {
 public:
  // Pieces with gaps between them, as they arise where fragments overtake each other.
  static constexpr std::size_t kMost = 4;

  // A fragment comes: nullopt, and its bytes have passed from now on, or why it may not pass. `last`: no more
  // fragments behind it. After fragment_overlap nothing of the packet passes any more.
  [[nodiscard]] std::optional<DropReason> add(FragmentRange fragment, bool last) noexcept;

 private:
  [[nodiscard]] bool contradicts_end(FragmentRange fragment, bool last) const noexcept;
  [[nodiscard]] bool merge(FragmentRange fragment) noexcept;

  std::array<FragmentRange, kMost> passed_{};  // without order, none touches another; empty: unused
  uint32_t end_ = 0;                           // of all that has passed
  bool end_known_ = false;                     // the last fragment has passed: `end_` is the packet's
  bool condemned_ = false;
};

}  // namespace gate41
