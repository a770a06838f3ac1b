// Fetcher: runs gate41-fetch for the engines that ask for a URL, a few at a time; the others wait for their
// turn. Control thread only.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "control/loop/child.hpp"
#include "dataplane/net/address.hpp"

namespace gate41 {

class Fetcher {
 public:
  static constexpr std::size_t kMaxAtOnce = 8;
  static constexpr std::size_t kMaxWaiting = 64;
  static constexpr Duration kLimit = std::chrono::seconds(10);

  explicit Fetcher(loop::EventLoop& loop) : loop_(loop) {}

  struct Request {
    std::string url;
    std::vector<Ipv4Address> dns;  // the servers to ask for names
    std::string credentials;       // path of their file (loop::open_secret); empty = none
    std::string ca;                // path of the authority's certificate; empty = the system's
  };
  // The answer comes from the loop, or at once when the program cannot be started or kMaxWaiting wait.
  using OnAnswer = std::function<void(Result<std::string>)>;
  void fetch(const Request& request, const OnAnswer& on_answer);

 private:
  void start(const Request& request, const OnAnswer& on_answer);
  void start_next();
  void run(const std::vector<std::string>& argv, int credentials, const OnAnswer& on_answer);

  loop::EventLoop& loop_;
  uint64_t next_id_ = 0;
  std::deque<std::pair<Request, OnAnswer>> waiting_;
  std::map<uint64_t, std::unique_ptr<loop::Child>> running_;
};

}  // namespace gate41
