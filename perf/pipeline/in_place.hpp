// A yardstick as a Dut: a function that works on the frames in place.
#pragma once

#include <memory>
#include <utility>

#include "perf/pipeline/dut.hpp"

namespace gate41::perf {

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

}  // namespace gate41::perf
