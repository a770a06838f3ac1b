#include "perf/pipeline/scene.hpp"

#include <numeric>

#include "control/daemon/ways.hpp"
#include "perf/pipeline/in_place.hpp"
#include "perf/pipeline/opening.hpp"
#include "perf/pipeline/product.hpp"
#include "perf/pipeline/scenarios.hpp"
#include "perf/pipeline/wire.hpp"
#include "perf/surroundings.hpp"
#include "tests/matrix/driver/box.hpp"

namespace gate41::perf {
namespace {

constexpr uint32_t kSpareFlows = 4 * kBulk;

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

std::string fate_of(const CounterTotals& totals) {
  std::string text = std::to_string(totals.rx) + " received, " + std::to_string(totals.tx) + " sent, " +
                     std::to_string(totals.punted) + " handed up; dropped:";
  for (std::size_t i = 0; i < totals.drops.size(); ++i)
    if (totals.drops[i] > 0)
      text +=
          " " + std::to_string(totals.drops[i]) + " " + std::string(text_of(static_cast<DropReason>(i)).name);
  return text;
}

}  // namespace

std::unique_ptr<Dut> macswap() {
  return in_place("macswap", [](auto frames, TimePoint) { swap_addresses(frames); });
}

Scene::Scene(Mode mode, uint32_t flows, rte_mempool* pool, const Around& around)
    : mode_(mode),
      flows_(flows),
      box_(matrix::make_box(scenario_of(mode, around.tunnels), flows + kSpareFlows)),
      traffic_(box_->snapshot, flows),
      next_new_(flows) {
  constexpr std::size_t kOtherHosts = 1U << 20U;  // the first of them
  if (around.routes > 0) routes_ = add_routes(*box_, around.routes);
  if (around.neighbours > 0)
    add_neighbours(*box_, around.neighbours, traffic_.host(kOtherHosts), host_mac(0));
  if (mode == Mode::relay) {
    stateless_minimum_.emplace(outer(), ethernet_way(lan_way(box_->snapshot.links[0], 0, router_mac())));
    return;
  }
  if (around.pinholes > 0) add_pinholes(*box_, around.pinholes, traffic_.host(0), kHosts);
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
  const RouteKind wanted = mode_ == Mode::relay ? RouteKind::tunnel_direct : RouteKind::tunnel_relay;
  for (const Route& route : snapshot.routes.routes()) {
    if (route.kind != wanted || &snapshot.tunnels[route.tunnel] != &main_tunnel(snapshot)) continue;
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

void Scene::draw_new(std::span<rte_mbuf*> frames, FrameSize size) {
  drawn_new_.clear();
  for (rte_mbuf* frame : frames) {
    drawn_new_.push_back(next_new_);
    traffic_.write(frame, next_new_++, Direction::outbound, size);
  }
}

// Each flow has been used from both sides, and once more when it was established.
void Scene::open_flows(rte_mempool* pool) {
  std::vector<uint64_t> some;
  for (uint64_t first = 0; first < flows_; first += kBulk) {
    some.resize(std::min<uint64_t>(kBulk, flows_ - first));
    std::iota(some.begin(), some.end(), first);
    for (const Job job : {Job::encapsulate, Job::decapsulate, Job::encapsulate, Job::decapsulate})
      pass(some, job, pool);
    for (const uint64_t flow : some) {
      const FlowKey key = traffic_.key_of(flow);
      minimum_->open(key, static_cast<uint32_t>(key.interior.low() - traffic_.host(0).low()), box_->now);
    }
  }
}

void Scene::pass(std::span<const uint64_t> flows, Job job, rte_mempool* pool) {
  constexpr FrameSize kSmall = 84;
  std::array<rte_mbuf*, kBulk> frames;
  const auto n = static_cast<unsigned>(flows.size());
  if (rte_pktmbuf_alloc_bulk(pool, frames.data(), n) != 0) refuse("no buffers");
  for (std::size_t i = 0; i < n; ++i) traffic_.write(frames[i], flows[i], direction_of(job), kSmall);
  Product product(*box_, device_in(job), device_out(job));
  const std::span<rte_mbuf*> out = product.work({frames.data(), n}, box_->now);
  if (out.size() != n) refuse("packets of flows to be opened did not pass: " + fate_of(box_->totals()));
  rte_pktmbuf_free_bulk(out.data(), static_cast<unsigned>(out.size()));
  product.sent();
}

std::unique_ptr<Dut> Scene::product(Job job, const std::string& name) {
  return std::make_unique<Product>(*box_, device_in(job), device_out(job), name);
}

std::unique_ptr<Dut> Scene::minimum(Job job) {
  const bool out = job == Job::encapsulate;
  if (minimum_ && out)
    return in_place("minimum", [this](auto frames, TimePoint now) { minimum_->encapsulate(frames, now); });
  if (minimum_)
    return in_place("minimum", [this](auto frames, TimePoint now) { minimum_->decapsulate(frames, now); });
  if (out)
    return in_place("minimum", [this](auto frames, TimePoint) { stateless_minimum_->encapsulate(frames); });
  return in_place("minimum", [this](auto frames, TimePoint) { stateless_minimum_->decapsulate(frames); });
}

std::unique_ptr<Dut> Scene::opening_product() {
  return std::make_unique<Opening>(product(Job::encapsulate),
                                   Turnover(*box_->pipeline->flows(), traffic_, flows_), drawn_new_);
}

std::unique_ptr<Dut> Scene::opening_minimum() {
  auto open = in_place("minimum",
                       [this](auto frames, TimePoint now) { minimum_->open_and_encapsulate(frames, now); });
  return std::make_unique<Opening>(std::move(open), Turnover(minimum_->flows(), traffic_, flows_),
                                   drawn_new_);
}

}  // namespace gate41::perf
