#include "control/daemon/hypervisor_hint.hpp"

#include <fmt/format.h>

namespace gate41 {
namespace {

using std::chrono::minutes;

// Long enough for a host that has an address to have wanted something.
constexpr Duration kLongEnough = minutes(2);
constexpr uint64_t kEnoughQuestions = 3;
// Hosts that were there before gate41 ask by unicast alone, for a while.
constexpr uint64_t kEnoughByUnicast = 20;
constexpr std::size_t kEnoughHosts = 2;

constexpr const char* kBridge = "give the virtual machine a bridged adapter, on a wired one of its host";

struct InnerNetwork {
  Ipv4Prefix prefix;
  uint8_t router;  // its last byte
  uint8_t server;
  const char* whose;
};
// As their makers ship them. VMware draws the third byte, so that its last ones tell.
const InnerNetwork kInnerNetworks[] = {
    {{Ipv4Address::of(10, 0, 0, 0), 16}, 2, 2, "QEMU's or VirtualBox's NAT"},
    {{Ipv4Address::of(192, 168, 122, 0), 24}, 1, 1, "libvirt's NAT"},
    {{Ipv4Address::of(192, 168, 0, 0), 16}, 2, 254, "VMware's NAT"},
    {{Ipv4Address::of(172, 16, 0, 0), 12}, 2, 254, "VMware's NAT"},
};

uint8_t last_byte(Ipv4Address address) { return static_cast<uint8_t>(address.value.host()); }

bool fits(const InnerNetwork& network, const dhcp::Lease& lease) {
  return network.prefix.contains(lease.address) && network.prefix.contains(*lease.router) &&
         last_byte(*lease.router) == network.router && last_byte(lease.server) == network.server;
}

// What makes silence suspicious; empty: it is just silence. RFC 4861 §7.3.1, 7.3.3: who asks where a router
// is has something to send to it, or through it.
std::string evidence(const LanSigns& signs) {
  if (signs.rewritten > 0) return "their neighbour messages come from another MAC than the one inside";
  if (signs.hosts >= kEnoughHosts && signs.macs == 1)
    return fmt::format("{} of them have one MAC", signs.hosts);
  return signs.questions.for_us >= kEnoughQuestions ? "they ask where it is, as who sends to it does" : "";
}

}  // namespace

std::optional<HypervisorHint> wan_hint(const dhcp::Lease& lease) {
  if (!lease.router)
    return HypervisorHint{
        "host_only",
        fmt::format("{} came without a default router, as on a host-only network", lease.address.to_string()),
        kBridge};
  for (const InnerNetwork& network : kInnerNetworks)
    if (fits(network, lease))
      return HypervisorHint{"hypervisor_nat",
                            fmt::format("{} looks like an address of {}, which carries UDP and TCP alone, "
                                        "not protocol 41",
                                        lease.address.to_string(), network.whose),
                            kBridge};
  return std::nullopt;
}

std::optional<HypervisorHint> lan_hint(const LanSigns& signs) {
  if (signs.advertising < kLongEnough || signs.questions.all < kEnoughQuestions) return std::nullopt;
  if (signs.questions.by_multicast == 0 && signs.questions.all >= kEnoughByUnicast)
    return HypervisorHint{
        "lan_multicast_filtered",
        fmt::format("{} questions of hosts have come, none of them by multicast", signs.questions.all),
        "let the virtual NIC receive multicast: trust the VF (ip link set IFACE vf N trust "
        "on), or trustGuestRxFilters='yes' of a macvtap"};
  const std::string why = evidence(signs);
  if (signs.has_sent_data || why.empty()) return std::nullopt;
  return HypervisorHint{"lan_l2_rewrite_suspected",
                        "hosts are there, nothing that they send through this router arrives, and " + why +
                            ": a bridge rewrites MAC addresses, and keeps what is to be forwarded",
                        "a wireless adapter cannot be bridged: use a wired one (docs/operating.md, \"Virtual "
                        "machines and bridges\")"};
}

std::optional<HypervisorHint> queue_hint(unsigned workers, unsigned cores) {
  if (workers >= cores) return std::nullopt;
  return HypervisorHint{
      "few_queues", fmt::format("{} of {} workers run: a NIC has no more send queues", workers, cores),
      "give a virtual NIC more: queues='N' of its driver in libvirt, queues=N and mq=on in QEMU; or name as "
      "many cores as there are queues (workers.cores)"};
}

std::optional<HypervisorHint> interrupt_hint(uint64_t workers) {
  if (workers == 0) return std::nullopt;
  return HypervisorHint{
      "no_interrupts",
      "packets came without interrupts, or interrupts without packets: idle workers nap, and look again "
      "every few milliseconds",
      "nothing is lost, but an idle core is busier; another model of NIC (virtio, vmxnet3) may interrupt"};
}

}  // namespace gate41
