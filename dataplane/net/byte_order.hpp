// Numbers in network byte order. The order is in the type, so a missing swap does not compile.
#pragma once

#include <bit>
#include <compare>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace gate41 {

static_assert(std::endian::native == std::endian::little, "gate41 is built for little-endian machines");

template <typename T>
constexpr T swap_bytes(T value) noexcept {
  if constexpr (sizeof(T) == 2) return static_cast<T>(__builtin_bswap16(value));
  if constexpr (sizeof(T) == 4) return static_cast<T>(__builtin_bswap32(value));
  if constexpr (sizeof(T) == 8) return static_cast<T>(__builtin_bswap64(value));
}

// A value of type T as it stands on the wire, where nothing is aligned: structs of these have no padding.
template <typename T>
class [[gnu::packed]] BigEndian {
 public:
  constexpr BigEndian() = default;
  explicit constexpr BigEndian(T host) noexcept : raw_(swap_bytes(host)) {}
  static constexpr BigEndian from_raw(T raw) noexcept {
    BigEndian result;
    result.raw_ = raw;
    return result;
  }
  [[nodiscard]] constexpr T host() const noexcept { return swap_bytes(raw_); }
  [[nodiscard]] constexpr T raw() const noexcept { return raw_; }
  constexpr bool operator==(const BigEndian&) const = default;

 private:
  T raw_ = 0;
};

using Be16 = BigEndian<uint16_t>;
using Be32 = BigEndian<uint32_t>;
using Be64 = BigEndian<uint64_t>;

// Bytes as they stand, where nothing is aligned.
template <typename T>
[[nodiscard]] T load_unaligned(const uint8_t* at) noexcept {
  static_assert(std::is_trivially_copyable_v<T>);
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}
template <typename T>
void store_unaligned(uint8_t* at, T value) noexcept {
  static_assert(std::is_trivially_copyable_v<T>);
  std::memcpy(at, &value, sizeof value);
}

static_assert(sizeof(Be16) == 2 && alignof(Be32) == 1 && sizeof(Be32) == 4 &&
              std::is_trivially_copyable_v<Be32>);

}  // namespace gate41
