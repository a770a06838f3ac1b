#include "packaging/bind/cards.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <fmt/ranges.h>

#include "dataplane/port/device_name.hpp"

namespace gate41::packaging {

std::vector<std::string> cards_of(const config::Config& config) {
  std::vector<std::string> cards;
  for (const auto& [name, port] : config.ports)
    if (is_pci_device(port.device)) cards.push_back(dpdk_name(port.device));
  std::ranges::sort(cards);  // two ports may be VLANs of one card
  cards.erase(std::ranges::unique(cards).begin(), cards.end());
  return cards;
}

bool is_shared(const appliance::Nic& nic) { return nic.driver == "mlx4_core" || nic.driver == "mlx5_core"; }

std::string objection(const appliance::Nic& nic, const std::vector<std::string>& addresses) {
  if (addresses.empty()) return "";
  return fmt::format(
      "the kernel uses it as {}, with {}; take that out of the machine's network configuration, and `ip "
      "address flush dev {}`",
      nic.interface, fmt::join(addresses, ", "), nic.interface);
}

}  // namespace gate41::packaging
