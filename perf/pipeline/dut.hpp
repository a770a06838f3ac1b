// Dut: what is measured between a received burst and what leaves of it.
#pragma once

#include <span>
#include <string>

#include <rte_mbuf.h>

#include "dataplane/base/clock.hpp"
#include "dataplane/worker/stage_times.hpp"

namespace gate41::perf {

class Dut {
 public:
  Dut() = default;
  virtual ~Dut() = default;
  Dut(const Dut&) = delete;
  Dut& operator=(const Dut&) = delete;

  [[nodiscard]] virtual std::string name() const = 0;
  // Timed: takes the frames, and says what is to be sent.
  virtual std::span<rte_mbuf*> work(std::span<rte_mbuf*> frames, TimePoint now) noexcept = 0;
  // Whether it tells, from now on, what takes how long in work(); nullptr: no longer.
  virtual bool time_stages(StageTimes*) noexcept { return false; }
  // Not timed: that has been sent.
  virtual void sent() noexcept {}
};

}  // namespace gate41::perf
