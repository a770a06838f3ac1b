// EarlyView: what the operator socket answers while PortRoles are not settled: how that stands, and to all
// else that there is nothing yet. Control thread only.
#pragma once

#include "control/daemon/port_roles.hpp"
#include "control/operator/view.hpp"

namespace gate41 {

class EarlyView : public op::View {
 public:
  EarlyView(const config::Config& config, const PortRoles& roles, const Dataplane& dataplane,
            const Events& events)
      : config_(config), roles_(roles), dataplane_(dataplane), events_(events) {}

  op::Json status() override;
  op::Json health() override;
  op::Json ports() override;
  op::Json doctor() override;
  op::Json version() override;
  op::Json configuration() override { return {{"text", config_.text}}; }
  op::Json neighbours() override { return op::Json::array(); }
  op::Json counters() override { return op::Json::object(); }
  op::Json tunnels() override { return op::Json::array(); }
  op::Json dhcp() override;
  op::Json ra() override { return op::Json::array(); }
  op::Json pinholes() override { return op::Json::array(); }
  op::Json routes(const std::optional<Ipv6Address>&, std::size_t) override;
  Result<op::Json> drops(const std::string&, std::size_t) override { return refusal(); }
  Result<void> flows(const op::FlowsRequest&, op::Stream) override { return refusal(); }
  Result<void> delete_flows(const op::FlowsRequest&, op::Stream) override { return refusal(); }
  Result<uint64_t> start_trace(const op::TraceRequest&, op::Stream) override { return refusal(); }
  void end_trace(uint64_t) override {}
  Result<uint32_t> open_pinhole(const op::PinholeRequest&) override { return refusal(); }
  Result<void> close_pinhole(uint32_t) override { return refusal(); }
  Result<uint64_t> start_ping(const op::PingRequest&, std::function<void(const op::Json&)>,
                              std::function<void()>) override {
    return refusal();
  }
  void end_ping(uint64_t) override {}
  Result<std::vector<std::string>> reload() override;
  Result<void> start_capture(int fd, bool drops_only, uint64_t max_packets) override;
  void stop_capture() override {}
  bool capturing() override { return false; }
  uint64_t captured() override { return 0; }

 private:
  [[nodiscard]] tl::unexpected<Error> refusal() const;

  const config::Config& config_;
  const PortRoles& roles_;
  const Dataplane& dataplane_;
  const Events& events_;
  TimePoint started_ = now();
};

}  // namespace gate41
