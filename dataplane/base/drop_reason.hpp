// DropReason: why a packet was not forwarded. The list is drop_reasons.def; nothing repeats it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace gate41 {

enum class DropReason : uint8_t {
#define G41_DROP(name, sentence, rows) name,
#include "dataplane/base/drop_reasons.def"
#undef G41_DROP
};

struct DropReasonText {
  std::string_view name;
  std::string_view sentence;
  std::string_view rows;  // of the requirements, space separated
};

inline constexpr std::array kDropReasons = {
#define G41_DROP(name, sentence, rows) DropReasonText{#name, sentence, rows},
#include "dataplane/base/drop_reasons.def"
#undef G41_DROP
};

inline constexpr std::size_t kDropReasonCount = kDropReasons.size();

constexpr const DropReasonText& text_of(DropReason reason) {
  return kDropReasons[static_cast<std::size_t>(reason)];
}

}  // namespace gate41
