#include "appliance/init/configuration.hpp"

#include <algorithm>

#include "appliance/init/block_devices.hpp"
#include "appliance/init/seed.hpp"
#include "appliance/init/small_file.hpp"
#include "control/loop/checked_file.hpp"

namespace gate41::appliance {
namespace {

constexpr const char* kFwCfg = "firmware/qemu_fw_cfg/by_name/opt/gate41/config/raw";

}  // namespace

std::vector<Configuration> find_configurations(const ConfigurationPlaces& places) {
  std::vector<Configuration> found;
  loop::CheckedText saved = loop::read_checked(places.data, "gate41.yaml");
  if (saved.text)
    found.push_back({"the configuration that was saved", std::move(*saved.text), saved.trouble});
  if (auto text = read_file(places.sys / kFwCfg))
    found.push_back({"the virtual machine's (fw_cfg opt/gate41/config)", std::move(*text), saved.trouble});
  for (const auto& device : block_devices(places.sys, places.dev))
    if (auto seed = seed_of([&](uint64_t at, std::size_t size) { return read_device(device, at, size); }))
      found.push_back({std::move(seed->source), std::move(seed->text), saved.trouble});
  if (auto seed = places.guest_info ? seed_of(places.guest_info) : std::nullopt)
    found.push_back({std::move(seed->source), std::move(seed->text), saved.trouble});
  if (auto text = read_file(places.shipped))
    found.push_back({"the configuration of the image", std::move(*text), saved.trouble});
  return found;
}

const Configuration& choose(const std::vector<Configuration>& found,
                            const std::vector<std::string>& refused) {
  for (const Configuration& one : found)
    if (std::ranges::find(refused, one.text) == refused.end()) return one;
  return found.front();
}

}  // namespace gate41::appliance
