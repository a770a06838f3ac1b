// The bytes of SCTP and DCCP packets behind the IPv6 header. Checksums are left 0: no filter looks at them.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/model/reference/packet.hpp"

namespace gate41::model {

[[nodiscard]] std::vector<uint8_t> bytes_of(const SctpFields& packet, uint16_t source, uint16_t destination);
[[nodiscard]] std::vector<uint8_t> bytes_of(const DccpFields& packet, uint16_t source, uint16_t destination);

}  // namespace gate41::model
