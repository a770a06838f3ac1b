// What it costs to hand packets over from one worker to another (worker/stage_hand_over.cpp), on each side:
// two pipelines in one thread, so that what a line costs on its way between two cores comes on top of it.
#pragma once

#include <vector>

#include "perf/pipeline/case.hpp"
#include "perf/pipeline/measure.hpp"
#include "perf/pipeline/traffic.hpp"

namespace gate41::perf {

// The giver, up to the ring and the doorbell; the taker, from the ring on; and one worker that does it all.
[[nodiscard]] std::vector<Cost> measure_hand_over(Job job, uint32_t flows, FrameSize size, rte_mempool* pool,
                                                  const Effort& effort);

}  // namespace gate41::perf
