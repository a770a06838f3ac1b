// Fetcher: runs gate41-fetch for the engines that ask for a URL, a few at a time. Control thread only.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "control/loop/child.hpp"
#include "dataplane/net/address.hpp"

namespace gate41 {

class Fetcher {
 public:
  static constexpr std::size_t kMaxAtOnce = 8;
  static constexpr Duration kLimit = std::chrono::seconds(10);

  explicit Fetcher(loop::EventLoop& loop) : loop_(loop) {}

  // `dns`: the servers to ask for names. The answer comes from the loop, or at once when it cannot be
  // started.
  using OnAnswer = std::function<void(Result<std::string>)>;
  void fetch(const std::string& url, const std::vector<Ipv4Address>& dns, OnAnswer on_answer);

 private:
  loop::EventLoop& loop_;
  uint64_t next_id_ = 0;
  std::map<uint64_t, std::unique_ptr<loop::Child>> running_;
};

}  // namespace gate41
