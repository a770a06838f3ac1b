// Eal: DPDK's environment, started once in the life of a process; ended by the destructor. Control thread,
// which becomes DPDK's main lcore and is bound to the plan's control cores.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "dataplane/base/result.hpp"
#include "dataplane/port/eal_plan.hpp"

namespace gate41 {

class Eal {
 public:
  static Result<std::unique_ptr<Eal>> start(const EalPlan& plan);
  ~Eal();
  Eal(const Eal&) = delete;
  Eal& operator=(const Eal&) = delete;

  // Lcores that can run a worker.
  [[nodiscard]] const std::vector<unsigned>& worker_lcores() const noexcept { return worker_lcores_; }

 private:
  Eal() = default;
  std::vector<std::string> arguments_;  // DPDK keeps pointers
  std::vector<char*> pointers_;
  std::vector<unsigned> worker_lcores_;
};

}  // namespace gate41
