// Box: one whole data path in this process, started once for all tests: a gateway whose WAN and LAN are
// net_ring devices, which receive what they send. So a frame injected into a port is also a frame received on
// it, by the first worker, whose queues loop to themselves like all others'. No huge pages, no PCI.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "dataplane/worker/dataplane.hpp"
#include "tests/support/packet_builder.hpp"

namespace gate41::testing {

inline constexpr uint16_t kWan = 0;  // links of the snapshot
inline constexpr uint16_t kLan = 1;
inline constexpr uint16_t kUnknownEtherType = 0x88b5;  // IEEE local experimental
inline const MacAddress kWanMac = mac("02:00:00:00:41:01");
inline const MacAddress kLanMac = mac("02:00:00:00:41:02");
inline const MacAddress kHostMac = mac("02:00:00:00:00:99");

[[nodiscard]] unsigned box_workers();  // of the program: one_worker.cpp, two_workers.cpp
[[nodiscard]] Dataplane& box();
[[nodiscard]] std::unique_ptr<Snapshot> box_snapshot();

// Until it holds, for some seconds; false when it never does.
[[nodiscard]] bool eventually(const std::function<bool()>& holds);
// Waits on the descriptor of exceptions.
[[nodiscard]] bool exceptions_wait(int milliseconds);

// Frames as if they came from the network.
[[nodiscard]] std::vector<uint8_t> arp_request();
[[nodiscard]] std::vector<uint8_t> unknown_frame();  // dropped as ether_type_unknown
// The first packet of a UDP flow from a host of the LAN.
[[nodiscard]] std::vector<uint8_t> host_packet(uint16_t source_port);
// The same, to one of many servers.
[[nodiscard]] std::vector<uint8_t> host_packet_to(uint64_t server);

struct Exception {
  ExceptionClass exception_class{};
  uint16_t link = 0;
  std::vector<uint8_t> bytes;
};
// Takes up to `budget` of what is there now.
[[nodiscard]] std::vector<Exception> take_exceptions(unsigned budget = 256);

}  // namespace gate41::testing
