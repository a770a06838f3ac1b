// FakeView: canned answers, and a record of what was asked.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "control/loop/fd.hpp"
#include "control/operator/view.hpp"

namespace gate41::testing {

using op::Json;

class FakeView : public op::View {
 public:
  Json status() override { return answer("status", {{"role", "gateway"}, {"healthy", true}}); }
  Json health() override { return answer("health", {{"healthy", false}, {"reasons", {"no lease"}}}); }
  Json neighbours() override {
    return answer("neighbours", Json::array({{{"lan", "home"}}, {{"lan", "wan"}}}));
  }
  Json counters() override { return answer("counters", {{"conserved", true}}); }
  Json tunnels() override { return answer("tunnels", Json::array({{{"name", "main"}}})); }
  Json dhcp() override { return answer("dhcp", {{"state", "bound"}, {"lease", nullptr}}); }
  Json ra() override { return answer("ra", Json::array()); }
  Json ports() override { return answer("ports", Json::array({{{"name", "wan"}}})); }
  Json routes(const std::optional<Ipv6Address>& destination, std::size_t limit) override {
    return answer("routes",
                  {{"destination", destination ? destination->to_string() : "none"}, {"limit", limit}});
  }
  Result<Json> drops(const std::string& reason, std::size_t most) override {
    if (reason == "weather") return fail("there is no reason `weather`");
    return answer("drops", {{"reason", reason}, {"most", most}});
  }
  Json doctor() override { return answer("doctor", Json::array({{{"check", "links"}, {"ok", true}}})); }
  Json version() override { return answer("version", {{"version", "9.8.7"}}); }
  Json configuration() override { return answer("configuration", {{"text", configuration_text}}); }

  Result<void> flows(const op::FlowsRequest& request, op::Stream stream) override {
    return stream_flows("flows", request, std::move(stream));
  }
  Result<void> delete_flows(const op::FlowsRequest& request, op::Stream stream) override {
    return stream_flows("flows_delete", request, std::move(stream));
  }
  Result<uint64_t> start_trace(const op::TraceRequest& request, op::Stream stream) override {
    asked.emplace_back("trace");
    wanted_trace = request;
    if (!trace_error.empty()) return fail(trace_error);
    push_rows = std::move(stream.rows);
    flows_done = std::move(stream.done);
    return kTraceRun;
  }
  void end_trace(uint64_t run) override { ended_traces.push_back(run); }
  Json pinholes() override { return answer("pinholes", Json::array({{{"id", 7}}})); }
  Result<uint32_t> open_pinhole(const op::PinholeRequest& request) override {
    asked.emplace_back("pinhole_add");
    wanted_pinhole = request;
    if (!pinhole_error.empty()) return fail(pinhole_error);
    return kPinhole;
  }
  Result<void> close_pinhole(uint32_t id) override {
    asked.emplace_back("pinhole_del");
    if (id != kPinhole) return fail("there is no pinhole " + std::to_string(id));
    return {};
  }
  Result<uint64_t> start_ping(const op::PingRequest& request, std::function<void(const Json&)> row,
                              std::function<void()> done) override {
    asked.emplace_back("ping");
    pinged = request;
    if (!ping_error.empty()) return fail(ping_error);
    push_event = std::move(row);
    ping_done = std::move(done);
    return kPingRun;
  }
  void end_ping(uint64_t run) override { ended_pings.push_back(run); }
  Result<std::vector<std::string>> reload() override {
    asked.emplace_back("reload");
    return reload_answer;
  }

  Result<void> start_capture(int fd, bool drops_only, uint64_t max_packets) override {
    asked.emplace_back("capture");
    capture_file.reset(fd);
    capture_drops = drops_only;
    capture_max = max_packets;
    if (!capture_error.empty()) return fail(capture_error);
    is_capturing = true;
    return {};
  }
  void stop_capture() override { ++capture_stops; }
  bool capturing() override { return is_capturing; }
  uint64_t captured() override { return 41; }

  std::vector<std::string> asked;
  Json status_override;  // null: the canned one
  std::function<void(const std::vector<Json>&)> push_rows;
  std::function<void()> flows_done;
  std::function<Pace()> pace;
  std::optional<op::FlowsRequest> wanted_flows;
  std::string configuration_text;
  std::string flows_error;
  static constexpr uint64_t kTraceRun = 78;
  std::optional<op::TraceRequest> wanted_trace;
  std::string trace_error;
  std::vector<uint64_t> ended_traces;
  static constexpr uint32_t kPinhole = 7;
  std::optional<op::PinholeRequest> wanted_pinhole;
  std::string pinhole_error;
  static constexpr uint64_t kPingRun = 77;
  std::optional<op::PingRequest> pinged;
  std::function<void(const Json&)> push_event;
  std::function<void()> ping_done;
  std::string ping_error;
  std::vector<uint64_t> ended_pings;
  Result<std::vector<std::string>> reload_answer = std::vector<std::string>{"lans.home.subnet_id: 1 -> 2"};
  loop::Fd capture_file;
  bool capture_drops = false;
  uint64_t capture_max = 0;
  std::string capture_error;
  bool is_capturing = false;
  int capture_stops = 0;

 private:
  Result<void> stream_flows(const char* name, const op::FlowsRequest& request, op::Stream stream) {
    asked.emplace_back(name);
    wanted_flows = request;
    if (!flows_error.empty()) return fail(flows_error);
    push_rows = std::move(stream.rows);
    flows_done = std::move(stream.done);
    pace = std::move(stream.pace);
    return {};
  }
  Json answer(const char* name, Json value) {
    asked.emplace_back(name);
    return name == std::string("status") && !status_override.is_null() ? status_override : value;
  }
};

}  // namespace gate41::testing
