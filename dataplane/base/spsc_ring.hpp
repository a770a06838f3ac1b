// SpscRing: values from one thread to another, one producer and one consumer, without locks or allocation: a
// fixed array between two counters. A full ring takes nothing more, and never waits. For pointers that carry
// ownership there is worker/rings.hpp.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <type_traits>

#include "dataplane/base/cache_line.hpp"

namespace gate41 {

template <typename T, uint32_t kRoom>
class SpscRing {
  static_assert((kRoom & (kRoom - 1)) == 0, "the counters wrap at 2^32");
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  // The producer's. false: there is no room.
  [[nodiscard]] bool push(const T& value) noexcept {
    const uint32_t in = in_.load(std::memory_order_relaxed);
    if (in - out_.load(std::memory_order_acquire) == kRoom) return false;
    slots_[in % kRoom] = value;
    in_.store(in + 1, std::memory_order_release);
    return true;
  }
  // The consumer's. false: there is nothing.
  [[nodiscard]] bool pop(T& value) noexcept {
    const uint32_t out = out_.load(std::memory_order_relaxed);
    if (out == in_.load(std::memory_order_acquire)) return false;
    value = slots_[out % kRoom];
    out_.store(out + 1, std::memory_order_release);
    return true;
  }

 private:
  alignas(kCacheLine) std::atomic<uint32_t> in_{0};   // values that ever came
  alignas(kCacheLine) std::atomic<uint32_t> out_{0};  // and went
  alignas(kCacheLine) std::array<T, kRoom> slots_{};
};

}  // namespace gate41
