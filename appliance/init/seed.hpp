// A configuration that comes on a CD with the machine: cloud-init's NoCloud seed, or an OVF environment.
#pragma once

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

}  // namespace gate41::appliance
