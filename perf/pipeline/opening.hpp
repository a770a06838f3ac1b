// Opening: a Dut to which every packet is the first one of a flow. As many flows as it opens go, untimed.
#pragma once

#include <memory>
#include <utility>

#include "perf/pipeline/dut.hpp"
#include "perf/pipeline/turnover.hpp"

namespace gate41::perf {

class Opening final : public Dut {
 public:
  // `opened`: the flows of the burst.
  Opening(std::unique_ptr<Dut> inner, Turnover turnover, const std::vector<uint64_t>& opened)
      : inner_(std::move(inner)), turnover_(std::move(turnover)), opened_(opened) {}
  [[nodiscard]] std::string name() const override { return inner_->name(); }
  std::span<rte_mbuf*> work(std::span<rte_mbuf*> frames, TimePoint now) noexcept override {
    now_ = now;
    return inner_->work(frames, now);
  }
  void sent() noexcept override {
    inner_->sent();
    turnover_.after(opened_, now_);
  }

 private:
  std::unique_ptr<Dut> inner_;
  Turnover turnover_;
  const std::vector<uint64_t>& opened_;
  TimePoint now_{};
};

}  // namespace gate41::perf
