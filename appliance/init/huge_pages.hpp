// How many huge pages a machine gives to packets. Pure.
#pragma once

#include <cstdint>
#include <string_view>

namespace gate41::appliance {

// Of /proc/meminfo, in KiB; 0: not found.
[[nodiscard]] uint64_t memory_total_kib(std::string_view meminfo);

// Pages of 2 MiB to reserve before anything else takes the memory.
[[nodiscard]] unsigned huge_pages_for(uint64_t memory_kib);

}  // namespace gate41::appliance
