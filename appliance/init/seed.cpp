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

std::optional<Seed> ovf(const ReadAt& read) {
  const auto xml = iso_file(read, "ovf-env.xml");
  const auto value = xml ? ovf_property(*xml, "gate41.config") : std::nullopt;
  auto text = value ? from_base64(*value) : std::nullopt;
  if (!text || text->empty()) return std::nullopt;
  return Seed{"the virtual machine's (OVF property gate41.config)", std::move(*text)};
}

}  // namespace

std::optional<Seed> seed_of(const ReadAt& read) {
  const auto label = iso_label(read);
  if (label == "cidata" || label == "CIDATA") return no_cloud(read);
  if (label == "OVF ENV") return ovf(read);
  return std::nullopt;
}

}  // namespace gate41::appliance
