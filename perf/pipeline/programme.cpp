#include "perf/pipeline/programme.hpp"

#include <algorithm>
#include <tuple>

#include "perf/pipeline/fragments.hpp"
#include "perf/pipeline/hand_over.hpp"
#include "perf/pipeline/product.hpp"

namespace gate41::perf {
namespace {

constexpr unsigned kBuffers = 16383;
constexpr unsigned kBufferCache = 256;
constexpr FrameSize kTooBig = 1500;  // a tunnel carries 1280
constexpr FrameSize kFragmented = 1280;
// So slow that no rate is exceeded, and nothing in pieces is too many.
constexpr Duration kSlowly = std::chrono::milliseconds(100);
constexpr std::array<unsigned, 3> kHandOverBursts = {1, 8, 32};

std::vector<std::unique_ptr<Dut>> list(std::unique_ptr<Dut> a, std::unique_ptr<Dut> b = nullptr,
                                       std::unique_ptr<Dut> c = nullptr) {
  std::vector<std::unique_ptr<Dut>> duts;
  for (auto* dut : {&a, &b, &c})
    if (*dut) duts.push_back(std::move(*dut));
  return duts;
}

}  // namespace

Programme::Programme(const Options& options) : options_(options), table_(options.where, options.effort.runs) {
  pool_ = rte_pktmbuf_pool_create("frames", kBuffers, kBufferCache, kMbufPrivSize, RTE_MBUF_DEFAULT_BUF_SIZE,
                                  SOCKET_ID_ANY);
  if (pool_ == nullptr) refuse("no memory for buffers");
  for (const std::string& name : options.wires)
    lines_.push_back({name, {make_wire(name, "lan", pool_), make_wire(name, "wan", pool_)}});
}

void Programme::run() {
  for (const Item& item : items()) measure(item);
  if (!options_.json.empty()) table_.save(options_.json);
}

// Those that need the same scene stand together.
std::vector<Programme::Item> Programme::items() const {
  std::vector<Item> items;
  for (const Case& what : all_cases())
    if (options_.cases.empty() || std::ranges::find(options_.cases, what.name()) != options_.cases.end())
      for (const uint32_t flows : what.flows_of(options_.flows)) items.push_back({&what, flows});
  const auto order = [](const Item& item) {
    const bool special = item.what->kind != Kind::known || item.what->around.any();
    return std::tuple(special, special ? item.what - all_cases().data() : 0, item.what->mode, item.flows);
  };
  std::ranges::stable_sort(items, std::less{}, order);
  return items;
}

Scene& Programme::scene_of(const Item& item) {
  const bool same = scene_ && scene_item_.what->mode == item.what->mode && scene_item_.flows == item.flows &&
                    scene_item_.what->kind == Kind::known && item.what->kind == Kind::known;
  if (!same) {
    scene_.reset();
    scene_ = std::make_unique<Scene>(item.what->mode, item.flows, pool_);
    now_ = scene_->box().now;
  }
  scene_item_ = item;
  return *scene_;
}

Conditions Programme::conditions(const Item& item, FrameSize size, const std::string& wire) const {
  return {item.flows, size, wire, options_.effort.burst};
}

void Programme::take(const Item& item, const std::vector<std::unique_ptr<Dut>>& duts, const Way& like,
                     const std::function<void(std::span<rte_mbuf*>, FrameSize)>& fill) {
  const Job job = item.what->job;
  const bool back = item.what->kind == Kind::too_big;  // to where it came from
  const bool has_size = item.what->kind == Kind::known || item.what->kind == Kind::opening;
  const std::vector<FrameSize> fixed = {back ? kTooBig : kFragmented};
  for (const Line& line : lines_)
    for (const FrameSize size : has_size ? options_.sizes : fixed) {
      Way way = like;
      way.in = line.wires[device_in(job)];
      way.out = line.wires[back ? device_in(job) : device_out(job)];
      way.pool = pool_;
      way.fill = [&](std::span<rte_mbuf*> frames) { fill(frames, size); };
      table_.add(*item.what, conditions(item, size, line.name), take_turns(duts, way, options_.effort, now_));
    }
}

void Programme::measure(const Item& item) {
  switch (item.what->kind) {
    case Kind::known:
      return item.what->around.any() ? measure_amid(item) : measure_known(item);
    case Kind::opening:
      return measure_opening(item);
    case Kind::fragments:
      return measure_fragments(item);
    case Kind::too_big:
      return measure_too_big(item);
    case Kind::hand_over:
      return measure_handed_over(item);
  }
}

void Programme::measure_known(const Item& item) {
  Scene& scene = scene_of(item);
  const Job job = item.what->job;
  take(item, list(scene.product(job), scene.minimum(job), macswap()), {},
       [&](std::span<rte_mbuf*> frames, FrameSize size) { scene.draw(frames, job, size); });
}

// Beside the same router without it.
void Programme::measure_amid(const Item& item) {
  Scene& plain = scene_of(item);
  Scene amid(item.what->mode, item.flows, pool_, item.what->around);
  const Job job = item.what->job;
  take(item, list(amid.product(job), plain.product(job, "without")), {},
       [&](std::span<rte_mbuf*> frames, FrameSize size) { plain.draw(frames, job, size); });
}

void Programme::measure_opening(const Item& item) {
  Scene& scene = scene_of(item);
  take(item, list(scene.opening_product(), scene.opening_minimum()), {},
       [&](std::span<rte_mbuf*> frames, FrameSize size) { scene.draw_new(frames, size); });
}

void Programme::measure_fragments(const Item& item) {
  Scene& scene = scene_of(item);
  const Job job = item.what->job;
  rte_mbuf* spare = rte_pktmbuf_alloc(pool_);
  if (spare == nullptr) refuse("no buffers");
  FragmentedTraffic traffic(scene.traffic(), 0, job, kFragmented, spare);
  rte_pktmbuf_free(spare);
  Way way;
  way.frames_for_one = job == Job::encapsulate ? 1 : 2;
  way.pace = kSlowly;
  take(item, list(scene.product(job)), way,
       [&](std::span<rte_mbuf*> frames, FrameSize) { traffic.write(frames); });
}

void Programme::measure_too_big(const Item& item) {
  Scene& scene = scene_of(item);
  Way way;
  way.pace = kSlowly;
  take(item, list(std::make_unique<Product>(scene.box(), kLan, kLan)), way,
       [&](std::span<rte_mbuf*> frames, FrameSize size) { scene.draw(frames, Job::encapsulate, size); });
}

void Programme::measure_handed_over(const Item& item) {
  for (const unsigned burst : kHandOverBursts) {
    Effort effort = options_.effort;
    effort.burst = burst;
    Conditions what = conditions(item, options_.sizes.front(), "rte_ring");
    what.burst = burst;
    table_.add(*item.what, what, measure_hand_over(item.what->job, item.flows, what.size, pool_, effort));
  }
}

}  // namespace gate41::perf
