// Requests to the kernel by rtnetlink (RFC 3549), and their answers.
#pragma once

#include <array>
#include <chrono>
#include <climits>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>

#include "control/loop/fd.hpp"
#include "control/loop/netlink_message.hpp"
#include "dataplane/base/clock.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::loop {

// One message: the family's fixed header (ifaddrmsg, rtmsg ...), then attributes.
class NetlinkRequest {
 public:
  template <typename Header>
  NetlinkRequest(uint16_t type, int flags, const Header& header) {
    message().nlmsg_len = sizeof(nlmsghdr);
    message().nlmsg_type = type;
    message().nlmsg_flags = static_cast<uint16_t>(NLM_F_REQUEST | flags);
    append(&header, sizeof header);
  }
  NetlinkRequest(const NetlinkRequest&) = delete;
  NetlinkRequest& operator=(const NetlinkRequest&) = delete;

  // Numbers, addresses: as they stand in memory.
  template <typename T>
  NetlinkRequest& put(int attribute, const T& value) {
    return put_bytes(attribute, &value, sizeof value);
  }
  NetlinkRequest& put_text(int attribute, const char* text) {
    return put_bytes(attribute, text, std::strlen(text) + 1);
  }
  NetlinkRequest& put_bytes(int attribute, const void* bytes, std::size_t size) {
    const nlattr head{static_cast<uint16_t>(sizeof(nlattr) + size), static_cast<uint16_t>(attribute)};
    append(&head, sizeof head);
    append(bytes, size);
    return *this;
  }
  [[nodiscard]] nlmsghdr& message() { return *reinterpret_cast<nlmsghdr*>(buffer_.data()); }

 private:
  // Requests are short: one that is too long is a mistake in this program.
  void append(const void* bytes, std::size_t size) {
    const std::size_t end = message().nlmsg_len;
    if (end + netlink_aligned(size) > buffer_.size()) std::abort();
    std::memcpy(buffer_.data() + end, bytes, size);
    message().nlmsg_len = static_cast<uint32_t>(end + netlink_aligned(size));
  }

  alignas(nlmsghdr) std::array<uint8_t, 512> buffer_{};
};

class NetlinkSocket {
 public:
  static constexpr Duration kAnswerLimit = std::chrono::seconds(1);
  using OnMessage = std::function<void(const nlmsghdr&)>;

  // A burst of neighbours does not overflow it.
  static constexpr int kQueueBytes = 1024 * 1024;
  // In the namespace of the calling thread; `groups`: bits of the legacy multicast groups (RTMGRP_NEIGH);
  // `queue`: bytes that may wait to be received.
  static Result<NetlinkSocket> open(uint32_t groups = 0, int queue = kQueueBytes);
  [[nodiscard]] int fd() const { return fd_.get(); }

  // Both return 0 or an errno; ETIMEDOUT after kAnswerLimit.
  int ask(nlmsghdr& request);
  int ask(NetlinkRequest& request) { return ask(request.message()); }
  int dump(NetlinkRequest& request, const OnMessage& on_message);
  // Asks and does not wait: the answer comes by receive(), with the sequence number that is returned.
  Result<uint32_t> start_dump(NetlinkRequest& request);
  // What waits, without waiting, by at most `reads` reads of up to 32 KiB. EAGAIN: that was all. ENOBUFS:
  // messages were lost. More may be, and the kernel does not say so again until all that waited was received.
  int receive(const OnMessage& on_message, unsigned reads = UINT_MAX);
  // There is something to receive.
  [[nodiscard]] bool waits() const;

 private:
  explicit NetlinkSocket(Fd fd) : fd_(std::move(fd)) {}
  int exchange(nlmsghdr& request, const OnMessage& on_message);
  Fd fd_;
  uint32_t sequence_ = 0;
};

// Attributes by number; nullptr where there is none.
using Attributes = std::array<const nlattr*, 64>;
Attributes attributes_of(const nlmsghdr& message, std::size_t header_size);

}  // namespace gate41::loop
