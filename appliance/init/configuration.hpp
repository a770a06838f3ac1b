// The choice of the configuration that the daemon is started with.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "appliance/init/seed.hpp"

namespace gate41::appliance {

struct Configuration {
  std::string source;  // for the operator: "the configuration that was saved"
  std::string text;
  std::string trouble;  // why it isn't a better one; empty: it is the first choice
};

// Where they are looked for.
struct ConfigurationPlaces {
  std::filesystem::path data;  // folder of the checked file gate41.yaml, saved by `gate41 setup`
  // As long as none was saved: QEMU's -fw_cfg name=opt/gate41/config in sysfs, a CD, or VMware (seed.hpp).
  std::filesystem::path sys;
  std::filesystem::path dev;
  std::filesystem::path shipped;  // the image's own file
  GuestInfo guest_info = nullptr;
};

// All that are there, the first choice first.
[[nodiscard]] std::vector<Configuration> find_configurations(const ConfigurationPlaces& places);

// The first whose text is none of those that the daemon has refused; with all refused, the first one. Never
// of an empty list.
[[nodiscard]] const Configuration& choose(const std::vector<Configuration>& found,
                                          const std::vector<std::string>& refused);

}  // namespace gate41::appliance
