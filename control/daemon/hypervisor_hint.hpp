// What a hypervisor, or the wireless adapter that it bridges to, does to its guest's frames, as `doctor` and
// the status name it: nothing in the guest can mend it, so that whoever looks must be told where to look
// (S23, S54, U33, U44, W9). Guesses from what is seen, made only where something does not work. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "control/dhcp/lease.hpp"
#include "control/nd/engine.hpp"

namespace gate41 {

struct HypervisorHint {
  std::string state;  // a word: "hypervisor_nat", "lan_l2_rewrite_suspected"
  std::string sentence;
  std::string remedy;
};

// Of the address that the WAN was given, while no relay answers: the networks that hypervisors have inside.
[[nodiscard]] std::optional<HypervisorHint> wan_hint(const dhcp::Lease& lease);

// What has been seen of a LAN since gate41 advertises itself there.
struct LanSigns {
  Duration advertising{};      // for so long
  nd::Questions questions;     // of its hosts
  uint64_t rewritten = 0;      // neighbour messages from another MAC than the one inside
  bool has_sent_data = false;  // some host has sent a packet to be forwarded; where none has:
  std::size_t hosts = 0;       // by their link-local addresses
  std::size_t macs = 0;        // that they have together
};
[[nodiscard]] std::optional<HypervisorHint> lan_hint(const LanSigns& signs);

// Of NICs with fewer queues than there are cores that workers could run on.
[[nodiscard]] std::optional<HypervisorHint> queue_hint(unsigned workers, unsigned cores);

// Of NICs whose interrupts were waited for in vain, by so many workers.
[[nodiscard]] std::optional<HypervisorHint> interrupt_hint(uint64_t workers);

}  // namespace gate41
