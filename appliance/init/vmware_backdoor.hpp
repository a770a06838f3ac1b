// What VMware tells a guest that asks: requests of its RPCI by the backdoor, an I/O port that its hypervisor
// answers. The way of open-vm-tools' lib/message, four bytes a call.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace gate41::appliance {

// What a call of the backdoor takes and gives.
struct BackdoorRegisters {
  uint32_t eax = 0;
  uint32_t ebx = 0;
  uint32_t ecx = 0;
  uint32_t edx = 0;
  uint32_t esi = 0;
  uint32_t edi = 0;
};
using BackdoorCall = std::function<void(BackdoorRegisters&)>;

// The answer to one request; nullopt: there is none, it is refused, or longer than this.
inline constexpr std::size_t kLongestAnswer = 128 * 1024;
[[nodiscard]] std::optional<std::string> ask_backdoor(const BackdoorCall& call, std::string_view request);

// A value that the machine was given, as "guestinfo.ovfEnv"; nullopt: there is none, or no VMware.
[[nodiscard]] std::optional<std::string> vmware_guest_info(const std::string& key);

}  // namespace gate41::appliance
