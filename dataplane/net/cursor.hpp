// The only way to read or write bytes of a packet outside ParsedPacket: bounds-checked, fails closed.
// A read past the end sets `failed()`, returns zeros, and every later read fails too, so a parser may read a
// whole header and ask once.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <span>
#include <type_traits>
#include <vector>

#include "dataplane/net/address.hpp"
#include "dataplane/net/byte_order.hpp"

namespace gate41 {

using Bytes = std::span<const uint8_t>;

class Reader {
 public:
  explicit Reader(Bytes bytes) noexcept : bytes_(bytes) {}

  [[nodiscard]] bool failed() const noexcept { return failed_; }
  [[nodiscard]] std::size_t offset() const noexcept { return offset_; }
  [[nodiscard]] std::size_t remaining() const noexcept { return failed_ ? 0 : bytes_.size() - offset_; }

  // Any trivially copyable wire type (Be16, Ipv6Address, a packed header struct).
  template <typename T>
  T read() noexcept {
    static_assert(std::is_trivially_copyable_v<T>);
    T value{};
    if (!take(sizeof(T))) return value;
    std::memcpy(&value, bytes_.data() + offset_ - sizeof(T), sizeof(T));
    return value;
  }
  uint8_t u8() noexcept { return read<uint8_t>(); }
  uint16_t u16() noexcept { return read<Be16>().host(); }
  uint32_t u32() noexcept { return read<Be32>().host(); }
  // The next n bytes, or an empty span and failure.
  Bytes bytes(std::size_t n) noexcept {
    if (!take(n)) return {};
    return bytes_.subspan(offset_ - n, n);
  }
  void skip(std::size_t n) noexcept { take(n); }
  Bytes rest() noexcept { return bytes(remaining()); }

 private:
  bool take(std::size_t n) noexcept {
    if (failed_ || n > bytes_.size() - offset_) {
      failed_ = true;
      return false;
    }
    offset_ += n;
    return true;
  }
  Bytes bytes_;
  std::size_t offset_ = 0;
  bool failed_ = false;
};

// Builds a packet into a caller's buffer; never writes past its end.
class Writer {
 public:
  explicit Writer(std::span<uint8_t> buffer) noexcept : buffer_(buffer) {}

  [[nodiscard]] bool failed() const noexcept { return failed_; }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  [[nodiscard]] Bytes written() const noexcept { return Bytes(buffer_.data(), size_); }

  template <typename T>
  void write(const T& value) noexcept {
    static_assert(std::is_trivially_copyable_v<T>);
    if (!room(sizeof(T))) return;
    std::memcpy(buffer_.data() + size_ - sizeof(T), &value, sizeof(T));
  }
  void u8(uint8_t v) noexcept { write(v); }
  void u16(uint16_t v) noexcept { write(Be16(v)); }
  void u32(uint32_t v) noexcept { write(Be32(v)); }
  void bytes(Bytes b) noexcept {
    if (!room(b.size()) || b.empty()) return;
    std::memcpy(buffer_.data() + size_ - b.size(), b.data(), b.size());
  }
  void zeros(std::size_t n) noexcept {
    if (!room(n)) return;
    std::fill_n(buffer_.begin() + static_cast<std::ptrdiff_t>(size_ - n), n, uint8_t{0});
  }
  // Overwrites two bytes already written (lengths and checksums).
  void patch_u16(std::size_t at, uint16_t v) noexcept {
    if (size_ < 2 || at > size_ - 2) {
      failed_ = true;
      return;
    }
    const Be16 be(v);
    std::memcpy(buffer_.data() + at, &be, 2);
  }

 private:
  bool room(std::size_t n) noexcept {
    if (failed_ || n > buffer_.size() - size_) {
      failed_ = true;
      return false;
    }
    size_ += n;
    return true;
  }
  std::span<uint8_t> buffer_;
  std::size_t size_ = 0;
  bool failed_ = false;
};

}  // namespace gate41
