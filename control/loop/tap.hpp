// Tap: a kernel TAP of the exception path (design §5). Ethernet frames without a header of their own; it
// vanishes with its descriptor. Control thread, in the namespace that it lives in.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "control/loop/fd.hpp"
#include "dataplane/base/result.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41::loop {

// ipv4: the kernel owns ARP and IPv4, IPv6 is off. ipv6: NOARP, and no address, RS or route of the kernel's
// own making (addr_gen_mode none, accept_ra, autoconf and router_solicitations 0).
enum class TapFamily { ipv4, ipv6 };

struct TapSettings {
  std::string name;  // "g41wan", "g41home": at most 15 bytes
  MacAddress mac;
  uint16_t mtu = 1500;
  TapFamily family = TapFamily::ipv4;
};

class Tap {
 public:
  static Result<Tap> create(const TapSettings& settings);

  // Non-blocking; EPOLLIN when the kernel has sent something.
  [[nodiscard]] int fd() const { return fd_.get(); }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] uint32_t index() const { return index_; }

  // The kernel's next frame, in `buffer` (cut if that is too small); nullopt: none waits.
  std::optional<Bytes> read(std::span<uint8_t> buffer);
  // Gives the kernel a frame. False: it did not take it.
  bool write(Bytes frame);

 private:
  Tap(Fd fd, std::string name) : fd_(std::move(fd)), name_(std::move(name)) {}
  Fd fd_;
  std::string name_;
  uint32_t index_ = 0;
};

}  // namespace gate41::loop
