// Requests to the kernel by rtnetlink (RFC 3549), and their answers.
#pragma once

#include <array>
#include <chrono>
#include <climits>
#include <cstdint>
#include <cstring>
#include <functional>
#include <libmnl/libmnl.h>
#include <linux/netlink.h>
#include <string_view>

#include "control/loop/fd.hpp"
#include "dataplane/base/clock.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::loop {

// One message: the family's fixed header (ifaddrmsg, rtmsg ...), then attributes.
class NetlinkRequest {
 public:
  template <typename Header>
  NetlinkRequest(uint16_t type, int flags, const Header& header) {
    message_ = mnl_nlmsg_put_header(buffer_.data());
    message_->nlmsg_type = type;
    message_->nlmsg_flags = static_cast<uint16_t>(NLM_F_REQUEST | flags);
    *static_cast<Header*>(mnl_nlmsg_put_extra_header(message_, sizeof header)) = header;
  }
  NetlinkRequest(const NetlinkRequest&) = delete;
  NetlinkRequest& operator=(const NetlinkRequest&) = delete;

  // Numbers, addresses: as they stand in memory.
  template <typename T>
  NetlinkRequest& put(int attribute, const T& value) {
    mnl_attr_put(message_, static_cast<uint16_t>(attribute), sizeof value, &value);
    return *this;
  }
  NetlinkRequest& put_text(int attribute, const char* text) {
    mnl_attr_put_strz(message_, static_cast<uint16_t>(attribute), text);
    return *this;
  }
  [[nodiscard]] nlmsghdr& message() { return *message_; }

 private:
  alignas(nlmsghdr) std::array<char, 512> buffer_{};
  nlmsghdr* message_;
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

// The attribute's value, or `missing` when it isn't there or too short.
template <typename T>
T value_of(const nlattr* attribute, T missing = {}) {
  if (attribute == nullptr || mnl_attr_get_payload_len(attribute) < sizeof(T)) return missing;
  T value;
  std::memcpy(&value, mnl_attr_get_payload(attribute), sizeof value);
  return value;
}

}  // namespace gate41::loop
