// OperatorView: flows, as they come from the workers: rows, the largest, counts. Nothing here grows with
// their number.
#include <map>
#include <memory>

#include "control/daemon/flow_rows.hpp"
#include "control/daemon/operator_view.hpp"

namespace gate41 {
namespace {

using op::Json;
using Records = std::vector<FlowRecord>;

Result<std::vector<Ipv6Prefix>> prefixes_of_lan(const Daemon& daemon, const std::string& name) {
  std::string lans;
  for (std::size_t i = 0; i < daemon.config().lans.size(); ++i) {
    const std::string& lan = daemon.config().lans[i].name;
    if (lan == name) return daemon.site().lans.at(i).prefixes;
    lans += (lans.empty() ? "" : ", ") + lan;
  }
  return fail("there is no LAN `" + name + "`; allowed: " + (lans.empty() ? "none" : lans));
}

std::string state_names() {
  std::string names;
  for (auto state = FlowState::opening; state != FlowState::count_;
       state = static_cast<FlowState>(static_cast<uint8_t>(state) + 1))
    names += (names.empty() ? "" : ", ") + std::string(name_of(state));
  return names;
}

// What has expired is no flow, though its place may not be free yet.
bool lives(const FlowRecord& record, uint32_t seconds) {
  return static_cast<int32_t>(record.entry.expires - seconds) > 0;
}

Json share(const HostTotals& host) { return {{"flows", host.flows}, {"bytes", host.bytes}}; }

Json host_rows(HostTally& tally, std::size_t most) {
  HostTotals others;
  Json hosts = Json::array();
  for (const HostTotals& host : tally.take(most, others)) {
    Json row = share(host);
    row["address"] = host.address.to_string();
    hosts.push_back(std::move(row));
  }
  return {{"hosts", std::move(hosts)}, {"others", share(others)}};
}

// Takes the living flows of all chunks and says at the end what comes of them.
class Summary {
 public:
  virtual ~Summary() = default;
  virtual void add(const FlowRecord& record, uint32_t seconds) = 0;
  virtual std::vector<Json> rows(uint32_t seconds) = 0;
};

class Largest : public Summary {
 public:
  explicit Largest(const op::FlowsRequest& request) : ranking_(request.order, request.top) {}
  void add(const FlowRecord& record, uint32_t seconds) override { ranking_.add(record, seconds); }
  std::vector<Json> rows(uint32_t seconds) override {
    std::vector<Json> rows;
    for (const FlowRecord& record : ranking_.take()) rows.push_back(flow_row(record, seconds));
    return rows;
  }

 private:
  FlowRanking ranking_;
};

class Counts : public Summary {
 public:
  explicit Counts(const op::FlowsRequest& request)
      : request_(request),
        hosts_(request.shown == op::FlowsShown::count ? HostTally::By::flows : HostTally::By::bytes) {}
  void add(const FlowRecord& record, uint32_t) override {
    ++states_[record.entry.state];
    hosts_.add(record);
  }
  std::vector<Json> rows(uint32_t) override {
    Json states = Json::array();
    uint64_t flows = 0;
    for (const auto& [state, count] : states_) {
      states.push_back({{"state", name_of(state)}, {"flows", count}});
      flows += count;
    }
    Json value = host_rows(hosts_, request_.top);
    value.update({{"flows", flows}, {"states", std::move(states)}});
    return {std::move(value)};
  }

 private:
  op::FlowsRequest request_;
  std::map<FlowState, uint64_t> states_;
  HostTally hosts_;
};

std::shared_ptr<Summary> summary_of(const op::FlowsRequest& request) {
  if (request.shown != op::FlowsShown::rows) return std::make_shared<Counts>(request);
  return request.order == op::FlowOrder::none ? nullptr : std::make_shared<Largest>(request);
}

void stream_rows(const Records& records, bool last, const op::Stream& stream) {
  const uint32_t seconds = coarse_seconds(gate41::now());
  std::vector<Json> rows;
  rows.reserve(records.size());
  for (const FlowRecord& record : records)
    if (lives(record, seconds)) rows.push_back(flow_row(record, seconds));
  stream.rows(rows);
  if (last) stream.done();
}

void sum_up(const Records& records, bool last, Summary& summary, const op::Stream& stream) {
  const uint32_t seconds = coarse_seconds(gate41::now());
  for (const FlowRecord& record : records)
    if (lives(record, seconds)) summary.add(record, seconds);
  if (!last) return;
  stream.rows(summary.rows(seconds));
  stream.done();
}

}  // namespace

Result<FlowQuery> OperatorView::query_of(const op::FlowSelection& selection) const {
  FlowQuery query{selection.address, selection.interior, selection.exterior, std::nullopt,
                  selection.port,    selection.protocol, std::nullopt};
  if (!selection.state.empty()) {
    query.state = flow_state_named(selection.state);
    if (!query.state) return fail("there is no state `" + selection.state + "`; allowed: " + state_names());
  }
  if (!selection.lan.empty()) {
    auto prefixes = prefixes_of_lan(daemon_, selection.lan);
    if (!prefixes) return tl::unexpected(prefixes.error());
    query.lan = std::move(*prefixes);
  }
  return query;
}

Result<void> OperatorView::flows(const op::FlowsRequest& request, op::Stream stream) {
  const auto query = query_of(request.selection);
  if (!query) return tl::unexpected(query.error());
  const std::shared_ptr<Summary> summary = summary_of(request);
  const auto reader = stream.pace;
  daemon_.dataplane().walk_flows(
      *query,
      [summary, stream = std::move(stream)](const Records& records, bool last) {
        if (summary)
          sum_up(records, last, *summary, stream);
        else
          stream_rows(records, last, stream);
      },
      reader);
  return {};
}

Result<void> OperatorView::delete_flows(const op::FlowsRequest& request, op::Stream stream) {
  if (!request.all && request.selection == op::FlowSelection{})
    return fail("which flows? allowed: at least one criterion, or `all` for every flow");
  const auto query = query_of(request.selection);
  if (!query) return tl::unexpected(query.error());
  daemon_.dataplane().erase_flows(*query, [this, stream = std::move(stream)](uint64_t flows) {
    daemon_.note(fmt::format("{} flow{} deleted by an operator", flows, flows == 1 ? "" : "s"));
    stream.rows({Json{{"deleted", flows}}});
    stream.done();
  });
  return {};
}

}  // namespace gate41
