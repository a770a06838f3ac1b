// ParseError -> DropReason: the parser knows no counters, so the translation stands here once.
#pragma once

#include "dataplane/base/drop_reason.hpp"
#include "dataplane/net/parsed_packet.hpp"

namespace gate41 {

[[nodiscard]] DropReason drop_reason_of(ParseError error) noexcept;

}  // namespace gate41
