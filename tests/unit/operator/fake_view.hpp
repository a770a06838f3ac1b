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

  void flows(std::function<void(const std::vector<Json>&)> rows, std::function<void()> done) override {
    asked.emplace_back("flows");
    push_rows = std::move(rows);
    flows_done = std::move(done);
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
  Json answer(const char* name, Json value) {
    asked.emplace_back(name);
    return name == std::string("status") && !status_override.is_null() ? status_override : value;
  }
};

}  // namespace gate41::testing
