// HugeArray: a zeroed array in DPDK's memory of one NUMA node, made at start and of one size for life. What
// all zero bytes mean as a T is for T to say; nothing is constructed, so that memory nobody uses is never
// touched.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <type_traits>

#include <rte_malloc.h>

#include "dataplane/base/cache_line.hpp"

namespace gate41 {

template <typename T>
class HugeArray {
  static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

 public:
  HugeArray() = default;
  // Empty where there is no memory.
  HugeArray(const char* name, std::size_t size, int numa_node)
      : items_(static_cast<T*>(rte_zmalloc_socket(name, size * sizeof(T), kAlignment, numa_node))),
        size_(items_ ? size : 0) {}

  [[nodiscard]] T& operator[](std::size_t index) noexcept { return items_.get()[index]; }
  [[nodiscard]] const T& operator[](std::size_t index) const noexcept { return items_.get()[index]; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] std::size_t bytes() const noexcept { return size_ * sizeof(T); }
  explicit operator bool() const noexcept { return items_ != nullptr; }

 private:
  static constexpr unsigned kAlignment = std::max(alignof(T), kCacheLine);

  struct Free {
    void operator()(T* items) const noexcept { rte_free(items); }
  };
  std::unique_ptr<T, Free> items_;
  std::size_t size_ = 0;
};

}  // namespace gate41
