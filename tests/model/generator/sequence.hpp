// Sequences of packets with time, made by chance: the same for the same seed.
#pragma once

#include "tests/model/generator/event.hpp"
#include "tests/model/generator/features.hpp"

namespace gate41::model {

// About `length` packets.
[[nodiscard]] Sequence make_sequence(uint64_t seed, Features features, Time begin, std::size_t length);

}  // namespace gate41::model
