// A sequence in which the filters differ, made short: nothing can be left out of it any more.
#pragma once

#include <functional>

#include "tests/model/generator/event.hpp"

namespace gate41::model {

// `differs` is true for `sequence`, and for what comes back.
[[nodiscard]] Sequence shrink(Sequence sequence, const std::function<bool(const Sequence&)>& differs);

}  // namespace gate41::model
