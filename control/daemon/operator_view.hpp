// OperatorView: the daemon's answers to the operator socket (operator/view.hpp), as JSON. Reads; only reload,
// capture, pings, traces, pinholes and the deletion of flows change anything. One file a kind of answer:
// operator_view.cpp (tables), operator_status.cpp, operator_flows.cpp, operator_trace.cpp,
// operator_pinholes.cpp, operator_routes.cpp, operator_drops.cpp, operator_doctor.cpp. Control thread only.
#pragma once

#include "control/daemon/component_states.hpp"
#include "control/daemon/daemon.hpp"
#include "control/operator/view.hpp"

namespace gate41 {

class OperatorView : public op::View {
 public:
  explicit OperatorView(Daemon& daemon) : daemon_(daemon) {}

  op::Json status() override;
  op::Json health() override;
  op::Json neighbours() override;
  op::Json counters() override;
  Result<op::Json> drops(const std::string& reason, std::size_t most) override;
  op::Json tunnels() override;
  op::Json dhcp() override;
  op::Json ra() override;
  op::Json ports() override;
  op::Json routes(const std::optional<Ipv6Address>& destination, std::size_t limit) override;
  op::Json doctor() override;
  op::Json version() override;
  op::Json configuration() override;
  Result<void> flows(const op::FlowsRequest& request, op::Stream stream) override;
  Result<void> delete_flows(const op::FlowsRequest& request, op::Stream stream) override;
  Result<uint64_t> start_trace(const op::TraceRequest& request, op::Stream stream) override;
  void end_trace(uint64_t run) override { daemon_.traces().end(run); }
  op::Json pinholes() override;
  Result<uint32_t> open_pinhole(const op::PinholeRequest& request) override;
  Result<void> close_pinhole(uint32_t id) override;
  Result<uint64_t> start_ping(const op::PingRequest& request, std::function<void(const op::Json&)> row,
                              std::function<void()> done) override;
  void end_ping(uint64_t run) override { daemon_.pings().end(run); }
  Result<std::vector<std::string>> reload() override;
  Result<void> start_capture(int fd, bool drops_only, uint64_t max_packets) override;
  void stop_capture() override { daemon_.dataplane().stop_capture(); }
  bool capturing() override { return daemon_.dataplane().capturing(); }
  uint64_t captured() override { return daemon_.dataplane().captured(); }

 private:
  [[nodiscard]] op::Json workers_json();
  [[nodiscard]] op::Json tunnel_json(std::size_t index);
  [[nodiscard]] Result<FlowQuery> query_of(const op::FlowSelection& selection) const;

  Daemon& daemon_;
};

// Seconds until (or since) a time, for JSON; null for never.
[[nodiscard]] op::Json seconds_until(TimePoint when, TimePoint now);
// Members of `status`.
[[nodiscard]] op::Json state_json(const ComponentState& state);
[[nodiscard]] op::Json events_json(const Events& events, TimePoint now);

}  // namespace gate41
