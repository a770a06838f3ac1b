// Upper-layer protocols as people name them: in the configuration, by operators, in answers to them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gate41 {

// The number where there is no name.
[[nodiscard]] std::string protocol_name(uint8_t protocol);
// By name, or by number.
[[nodiscard]] std::optional<uint8_t> protocol_named(std::string_view text);

// Headers that begin with two ports.
[[nodiscard]] bool has_ports(uint8_t protocol) noexcept;

}  // namespace gate41
