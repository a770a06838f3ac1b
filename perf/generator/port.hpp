// Port: one DPDK device with a queue each way, open from start to end of the program. One thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "dataplane/base/result.hpp"
#include "dataplane/net/address.hpp"

struct rte_mbuf;
struct rte_mempool;

namespace gate41::generator {

inline constexpr uint16_t kBurst = 32;

class Port {
 public:
  static Result<std::unique_ptr<Port>> open(const std::string& device, rte_mempool* pool);
  ~Port();
  Port(const Port&) = delete;
  Port& operator=(const Port&) = delete;

  [[nodiscard]] const MacAddress& mac() const noexcept { return mac_; }
  [[nodiscard]] uint16_t receive(std::span<rte_mbuf*> packets) noexcept;
  // How many it took; the others stay the caller's.
  [[nodiscard]] uint16_t send(std::span<rte_mbuf*> packets) noexcept;

 private:
  Port(uint16_t id, const MacAddress& mac) : id_(id), mac_(mac) {}
  uint16_t id_;
  MacAddress mac_;
};

}  // namespace gate41::generator
