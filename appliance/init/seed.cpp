#include "appliance/init/seed.hpp"

#include "appliance/init/ovf_environment.hpp"

namespace gate41::appliance {
namespace {

constexpr std::string_view kOurs = "#gate41";

std::optional<Seed> no_cloud(const ReadAt& read) {
  auto text = iso_file(read, "user-data");
  if (!text || text->substr(0, text->find_first_of("\r\n")) != kOurs) return std::nullopt;
  return Seed{"the virtual machine's (NoCloud user-data)", std::move(*text)};
}

std::optional<Seed> decoded(const char* source, const std::optional<std::string>& value) {
  auto text = value ? from_base64(*value) : std::nullopt;
  if (!text || text->empty()) return std::nullopt;
  return Seed{source, std::move(*text)};
}

std::optional<Seed> ovf(const std::optional<std::string>& xml) {
  return decoded("the virtual machine's (OVF property gate41.config)",
                 xml ? ovf_property(*xml, "gate41.config") : std::nullopt);
}

}  // namespace

std::optional<Seed> seed_of(const ReadAt& read) {
  const auto label = iso_label(read);
  if (label == "cidata" || label == "CIDATA") return no_cloud(read);
  if (label == "OVF ENV") return ovf(iso_file(read, "ovf-env.xml"));
  return std::nullopt;
}

std::optional<Seed> seed_of(const GuestInfo& info) {
  if (auto seed = decoded("the virtual machine's (guestinfo.gate41.config)", info("guestinfo.gate41.config")))
    return seed;
  return ovf(info("guestinfo.ovfEnv"));
}

}  // namespace gate41::appliance
