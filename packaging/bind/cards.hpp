// The network cards that a configuration names, and whether the kernel can spare each. Pure.
#pragma once

#include <string>
#include <vector>

#include "appliance/init/nics.hpp"
#include "config/model.hpp"

namespace gate41::packaging {

// PCI addresses with their domain, each once, in the order of the ports' names.
[[nodiscard]] std::vector<std::string> cards_of(const config::Config& config);

// DPDK works beside the kernel's driver, which keeps the card.
[[nodiscard]] bool is_shared(const appliance::Nic& nic);

// Why a card is not taken from the kernel; empty: nothing speaks against it. `addresses`: those of its
// interface. Who is logged in by one would lose his way to the machine.
[[nodiscard]] std::string objection(const appliance::Nic& nic, const std::vector<std::string>& addresses);

}  // namespace gate41::packaging
