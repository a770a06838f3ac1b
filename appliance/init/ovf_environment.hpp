// The properties that a hypervisor hands to a machine by the OVF environment (DSP0243 §11): XML.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gate41::appliance {

// A property's value; nullopt: there is none of this key.
[[nodiscard]] std::optional<std::string> ovf_property(std::string_view xml, std::string_view key);

// RFC 4648 §4, white space allowed; nullopt: it is something else.
[[nodiscard]] std::optional<std::string> from_base64(std::string_view text);

}  // namespace gate41::appliance
