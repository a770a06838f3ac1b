// DeviceInfo: an Ethernet device as found at start, for the operator.
#pragma once

#include <cstdint>
#include <string>

#include "dataplane/net/address.hpp"
#include "dataplane/port/idle_mode.hpp"

namespace gate41 {

struct DeviceInfo {
  std::string device;  // as configured
  uint16_t port_id = 0;
  std::string driver;
  MacAddress mac;
  uint16_t mtu = 1500;
  bool link_up = false;
  std::string rx_path;  // which receive path is in use, for the operator
  IdleMode idle = IdleMode::poll;
  uint16_t rx_queues = 1;
  uint16_t rx_queue_size = 0;
  uint16_t tx_queue_size = 0;
  uint64_t rx_missed = 0;  // dropped by the device
  uint64_t rx_errors = 0;
  uint64_t tx_errors = 0;
};

}  // namespace gate41
