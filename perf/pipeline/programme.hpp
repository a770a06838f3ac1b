// Programme: what is to be measured, one thing after another.
#pragma once

#include <array>
#include <memory>
#include <string>
#include <vector>

#include "perf/pipeline/measure.hpp"
#include "perf/pipeline/scene.hpp"
#include "perf/pipeline/table.hpp"

namespace gate41::perf {

struct Options {
  std::vector<std::string> cases;  // none: all
  std::vector<uint32_t> flows = {1, 100'000, 1'000'000, 4'000'000};
  std::vector<FrameSize> sizes = {84};
  std::vector<std::string> wires = {"net_ring"};
  Effort effort;
  bool huge_pages = false;
  std::string json;
  std::string where = "somewhere";
};

class Programme {
 public:
  explicit Programme(const Options& options);
  void run();

 private:
  struct Item {
    const Case* what;
    uint32_t flows;
  };
  [[nodiscard]] std::vector<Item> items() const;
  void measure(const Item& item);
  void measure_known(const Item& item);
  void measure_amid(const Item& item);
  void measure_opening(const Item& item);
  void measure_fragments(const Item& item);
  void measure_too_big(const Item& item);
  void measure_handed_over(const Item& item);
  Scene& scene_of(const Item& item);
  // On every wire, in every size.
  void take(const Item& item, const std::vector<std::unique_ptr<Dut>>& duts, const Way& like,
            const std::function<void(std::span<rte_mbuf*>, FrameSize)>& fill);
  [[nodiscard]] Conditions conditions(const Item& item, FrameSize size, const std::string& wire) const;

  const Options& options_;
  Table table_;
  rte_mempool* pool_ = nullptr;
  struct Line {
    std::string name;
    std::array<Wire, 2> wires;  // by device
  };
  std::vector<Line> lines_;
  std::unique_ptr<Scene> scene_;  // the last one, for the next item
  Item scene_item_{};
  TimePoint now_{};
};

}  // namespace gate41::perf
