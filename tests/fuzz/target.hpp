// What the fuzz targets share. Each target is one file with a function LLVMFuzzerTestOneInput; the input lies
// in memory of exactly its length, so that the sanitizers see the first byte that is read beyond it.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "dataplane/net/cursor.hpp"

namespace gate41::fuzz {

// What holds for every input, whatever the build type.
inline void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace gate41::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size);
