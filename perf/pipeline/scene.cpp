#include "perf/pipeline/scene.hpp"

#include <numeric>

#include "control/daemon/ways.hpp"
#include "perf/pipeline/product.hpp"
#include "perf/pipeline/scenarios.hpp"
#include "perf/pipeline/wire.hpp"
#include "tests/matrix/driver/box.hpp"

namespace gate41::perf {
namespace {

constexpr uint32_t kSpareFlows = 4 * kBulk;

// A yardstick that works in place.
template <typename Function>
class InPlace final : public Dut {
 public:
  InPlace(std::string name, Function function) : name_(std::move(name)), function_(std::move(function)) {}
  [[nodiscard]] std::string name() const override { return name_; }
  std::span<rte_mbuf*> work(std::span<rte_mbuf*> frames, TimePoint now) noexcept override {
    function_(frames, now);
    return frames;
  }

 private:
  std::string name_;
  Function function_;
};

template <typename Function>
std::unique_ptr<Dut> in_place(std::string name, Function function) {
  return std::make_unique<InPlace<Function>>(std::move(name), std::move(function));
}

void swap_addresses(std::span<rte_mbuf* const> frames) noexcept {
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (i + 1 < frames.size()) rte_prefetch0(bytes_of(frames[i + 1]));
    std::array<uint8_t, 2 * sizeof(MacAddress)> pair;
    uint8_t* frame = bytes_of(frames[i]);
    std::memcpy(pair.data(), frame, pair.size());
    std::memcpy(frame, pair.data() + sizeof(MacAddress), sizeof(MacAddress));
    std::memcpy(frame + sizeof(MacAddress), pair.data(), sizeof(MacAddress));
  }
}

EthernetWay ethernet_way(const Adjacency& way) {
  EthernetWay copy;
  std::copy_n(way.header.begin(), copy.header.size(), copy.header.begin());
  return copy;
}

}  // namespace

Scene::Scene(Mode mode, uint32_t flows, rte_mempool* pool)
    : mode_(mode),
      flows_(flows),
      box_(matrix::make_box(scenario_of(mode), flows + kSpareFlows)),
      traffic_(box_->snapshot, flows) {
  if (mode == Mode::relay) {
    stateless_minimum_.emplace(outer(), ethernet_way(lan_way(box_->snapshot.links[0], 0, router_mac())));
    return;
  }
  add_hosts();
  minimum_.emplace(flows + kSpareFlows, outer(), hosts_);
  open_flows(pool);
}

Direction Scene::direction_of(Job job) const {
  const bool relay = mode_ == Mode::relay;
  return relay == (job == Job::encapsulate) ? Direction::inbound : Direction::outbound;
}

void Scene::add_hosts() {
  const uint16_t link = box_->snapshot.lans.front().link;
  for (std::size_t i = 0; i < kHosts; ++i) {
    Adjacency way = lan_way(box_->snapshot.links[link], link, host_mac(i));
    hosts_.push_back(ethernet_way(way));
    const NeighbourKey key{traffic_.host(i), 0, {}};
    const AdjacencyIndex index = box_->adjacencies.allocate();
    box_->neighbours->insert(key, index);
    way.neighbour = box_->neighbours->slot_of(key);
    box_->adjacencies.write(index, way);
  }
}

// What the router puts in front of everything, or of what goes to a site.
OuterTemplate Scene::outer() const {
  const Snapshot& snapshot = box_->snapshot;
  for (const Route& route : snapshot.routes.routes()) {
    const bool wanted =
        route.kind == (mode_ == Mode::relay ? RouteKind::tunnel_direct : RouteKind::tunnel_relay);
    if (!wanted) continue;
    OuterTemplate outer;
    const Adjacency way = box_->adjacencies.read(route.adjacency);
    std::copy_n(way.header.begin(), outer.header.size(), outer.header.begin());
    outer.sum = sum_of(outer.header.data() + sizeof(EthernetHeader));
    return outer;
  }
  refuse("no route leads into the tunnel");
}

void Scene::draw(std::span<rte_mbuf*> frames, Job job, FrameSize size) {
  for (rte_mbuf* frame : frames) traffic_.write(frame, random_() % flows_, direction_of(job), size);
}

// Each flow has been used from both sides.
void Scene::open_flows(rte_mempool* pool) {
  std::vector<uint64_t> some;
  for (uint64_t first = 0; first < flows_; first += kBulk) {
    some.resize(std::min<uint64_t>(kBulk, flows_ - first));
    std::iota(some.begin(), some.end(), first);
    pass(some, Job::encapsulate, pool);
    pass(some, Job::decapsulate, pool);
    for (const uint64_t flow : some) {
      const FlowKey key = traffic_.key_of(flow);
      minimum_->open(key, static_cast<uint32_t>(key.interior.low() - traffic_.host(0).low()), box_->now);
    }
  }
}

void Scene::pass(std::span<const uint64_t> flows, Job job, rte_mempool* pool) {
  std::array<rte_mbuf*, kBulk> frames;
  const auto n = static_cast<unsigned>(flows.size());
  if (rte_pktmbuf_alloc_bulk(pool, frames.data(), n) != 0) refuse("no buffers");
  for (std::size_t i = 0; i < n; ++i) traffic_.write(frames[i], flows[i], direction_of(job), 84);
  Product product(*box_, device_in(job), device_out(job));
  const std::span<rte_mbuf*> out = product.work({frames.data(), n}, box_->now);
  if (out.size() != n) refuse("a packet of a flow to be opened did not pass");
  rte_pktmbuf_free_bulk(out.data(), static_cast<unsigned>(out.size()));
  product.sent();
}

std::vector<std::unique_ptr<Dut>> Scene::duts(Job job) {
  const bool out = job == Job::encapsulate;
  std::vector<std::unique_ptr<Dut>> all;
  all.push_back(std::make_unique<Product>(*box_, device_in(job), device_out(job)));
  if (minimum_ && out)
    all.push_back(
        in_place("minimum", [this](auto frames, TimePoint now) { minimum_->encapsulate(frames, now); }));
  if (minimum_ && !out)
    all.push_back(
        in_place("minimum", [this](auto frames, TimePoint now) { minimum_->decapsulate(frames, now); }));
  if (stateless_minimum_ && out)
    all.push_back(
        in_place("minimum", [this](auto frames, TimePoint) { stateless_minimum_->encapsulate(frames); }));
  if (stateless_minimum_ && !out)
    all.push_back(
        in_place("minimum", [this](auto frames, TimePoint) { stateless_minimum_->decapsulate(frames); }));
  all.push_back(in_place("macswap", [](auto frames, TimePoint) { swap_addresses(frames); }));
  return all;
}

}  // namespace gate41::perf
