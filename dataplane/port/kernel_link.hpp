// KernelLink: an interface of the kernel behind a device (net_af_packet, net_af_xdp), whose drivers say "up"
// all the time. Asks in the network namespace in which it was opened, wherever its thread is later. Control
// thread.
#pragma once

#include <cstdint>
#include <string>

#include "dataplane/base/result.hpp"

namespace gate41 {

class KernelLink {
 public:
  static Result<KernelLink> open(const std::string& interface);
  ~KernelLink();
  KernelLink(KernelLink&& other) noexcept;
  KernelLink& operator=(KernelLink&&) = delete;

  // Up, and its carrier is there (RFC 2863 operational state). An interface that has gone is down, also when
  // another one has its name now.
  [[nodiscard]] bool is_running() const noexcept;
  // In bytes; the kernel sends nothing longer, and drivers do not ask for it.
  [[nodiscard]] Result<uint16_t> mtu() const;

 private:
  KernelLink(int socket, int index) : socket_(socket), index_(index) {}
  int socket_;
  int index_;
};

}  // namespace gate41
