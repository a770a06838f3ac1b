// Options of ND messages (RFC 4861 §4.6): an iterator that fails closed, and look-ups by type.
#pragma once

#include <cstdint>
#include <optional>

#include "dataplane/net/address.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41::ndwire {

// IANA "IPv6 Neighbor Discovery Option Formats".
namespace option_type {
inline constexpr uint8_t kSourceLladdr = 1;
inline constexpr uint8_t kTargetLladdr = 2;
inline constexpr uint8_t kPrefixInformation = 3;
inline constexpr uint8_t kRedirectedHeader = 4;
inline constexpr uint8_t kMtu = 5;
inline constexpr uint8_t kNonce = 14;
inline constexpr uint8_t kRouteInformation = 24;
inline constexpr uint8_t kRdnss = 25;
inline constexpr uint8_t kDnssl = 31;
}  // namespace option_type

struct Option {
  uint8_t type = 0;
  Bytes data;  // behind type and length: 6, 14, 22, ... bytes
};

// Walks the options in place; `options` must outlive it.
//   Options walk(received.options);
//   while (const auto option = walk.next()) ...
class Options {
 public:
  explicit Options(Bytes options) noexcept : reader_(options) {}
  // The next option; nullopt at the end and at the first one with a length of 0 or past the end.
  std::optional<Option> next() noexcept;
  [[nodiscard]] bool failed() const noexcept { return failed_; }

 private:
  Reader reader_;
  bool failed_ = false;
};

// Every option's length is above 0 and they end exactly at the end.
[[nodiscard]] bool well_formed(Bytes options) noexcept;
[[nodiscard]] std::optional<Option> find_option(Bytes options, uint8_t type) noexcept;  // the first one
// The MAC of a source or target link-layer address option; nullopt when there is none, or when it is not one
// machine's: another length than Ethernet's, a group, all zeros.
[[nodiscard]] std::optional<MacAddress> find_lladdr(Bytes options, uint8_t type) noexcept;

}  // namespace gate41::ndwire
