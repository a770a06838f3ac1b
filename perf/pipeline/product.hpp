// Product: a turn of the worker's loop (worker_loop.cpp) on a received burst, but for receiving and sending.
#pragma once

#include <utility>

#include "perf/pipeline/dut.hpp"
#include "tests/unit/worker/harness.hpp"

namespace gate41::perf {

class Product final : public Dut {
 public:
  // Devices of the box's snapshot.
  Product(testing::Harness& box, uint16_t in, uint16_t out, std::string name = "gate41")
      : box_(box), in_(in), out_(out), name_(std::move(name)) {}

  [[nodiscard]] std::string name() const override { return name_; }
  std::span<rte_mbuf*> work(std::span<rte_mbuf*> frames, TimePoint now) noexcept override {
    Pipeline& pipeline = *box_.pipeline;
    pipeline.receive(frames, in_, box_.snapshot, now);
    pipeline.answer_late(box_.snapshot, now);
    pipeline.tick(now);
    return pipeline.outputs().tx[out_];
  }
  bool time_stages(StageTimes* times) noexcept override {
    box_.pipeline->time_stages(times);
    return true;
  }
  void sent() noexcept override { box_.pipeline->outputs().tx[out_].clear(); }

 private:
  testing::Harness& box_;
  uint16_t in_;
  uint16_t out_;
  std::string name_;
};

}  // namespace gate41::perf
