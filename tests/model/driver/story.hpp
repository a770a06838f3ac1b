// A sequence and its verdicts for people: a line an event.
#pragma once

#include <span>
#include <string>

#include "tests/model/driver/compare.hpp"

namespace gate41::model {

[[nodiscard]] std::string story_of(std::span<const Event> sequence, std::span<const Verdicts> verdicts);

}  // namespace gate41::model
