// Pings: the operator's clients' pings and traceroutes: the engine, its packets on their way into the packet
// path, its events on their way to who asked. Control thread only.
#pragma once

#include <functional>
#include <map>

#include "control/daemon/ping_rows.hpp"
#include "control/ping/pinger.hpp"
#include "dataplane/worker/dataplane.hpp"

namespace gate41 {

class Pings {
 public:
  struct Client {
    std::function<void(const op::Json&)> row;
    std::function<void()> done;
  };

  explicit Pings(Dataplane& dataplane);

  // `client` is called by later on_timer()s.
  Result<uint64_t> start(const op::PingRequest& request, const Ipv6Address& source, Client client);
  void end(uint64_t run);
  // False: it is no answer to any of them.
  bool on_packet(Bytes ipv6);
  void on_dropped(Bytes ipv6, const MbufMeta& meta);
  void on_timer();
  [[nodiscard]] std::optional<TimePoint> next_deadline() const { return pinger_.next_deadline(); }

 private:
  struct Asked {
    op::PingRequest request;
    Ipv6Address source;
    Client client;
    bool begun = false;
  };
  void tell(uint64_t run, const ping::Event& event);

  Dataplane& dataplane_;
  ping::Pinger pinger_;
  std::map<uint64_t, Asked> asked_;
};

}  // namespace gate41
