// A configuration that comes with the machine: on a CD as cloud-init's NoCloud seed or an OVF environment, or
// by VMware's guestinfo.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "appliance/init/iso9660.hpp"

namespace gate41::appliance {

struct Seed {
  std::string source;  // for the operator
  std::string text;
};

// From one volume: of the label `cidata` the file user-data, if its first line is `#gate41`; of the label
// `OVF ENV` the property gate41.config, in base64, of ovf-env.xml.
[[nodiscard]] std::optional<Seed> seed_of(const ReadAt& read);

// From what VMware says of a key: of guestinfo.gate41.config in base64, else the property gate41.config of
// guestinfo.ovfEnv, in base64.
using GuestInfo = std::function<std::optional<std::string>(const std::string& key)>;
[[nodiscard]] std::optional<Seed> seed_of(const GuestInfo& info);

}  // namespace gate41::appliance
