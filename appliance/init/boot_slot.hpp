// Which of two systems GRUB starts (appliance/image/grub.cfg): an upgraded one once, on trial, until it says
// that it has come up. GRUB keeps that in grubenv, a text of 1024 bytes in its FAT partition.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace gate41::appliance {

// The slot that runs, from the kernel's command line (gate41.slot=b); empty: there is none.
[[nodiscard]] std::string running_slot(std::string_view command_line);

// grubenv with this value, of the same length; nullopt: it does not fit.
[[nodiscard]] std::optional<std::string> with_value(std::string_view environment, std::string_view name,
                                                    std::string_view value);

// Whether another slot than this one is to start next time. False where that can't be told.
[[nodiscard]] bool is_on_trial(const std::filesystem::path& sys, const std::filesystem::path& dev,
                               const std::string& slot);

// The slot that runs is the one to start from now on. An empty answer: so it is; else why it is not.
[[nodiscard]] std::string confirm_slot(const std::filesystem::path& sys, const std::filesystem::path& dev,
                                       const std::string& slot);

}  // namespace gate41::appliance
