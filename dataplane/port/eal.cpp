#include "dataplane/port/eal.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <rte_eal.h>
#include <rte_errno.h>
#include <rte_lcore.h>

#include "dataplane/port/dpdk_log.hpp"

namespace gate41 {
namespace {

std::string remedy_for(int error) {
  if (::geteuid() != 0 || error == EACCES || error == EPERM)
    return "run as root or with the capabilities of the service file";
  if (error == ENOMEM) return "give more memory, or lower eal.memory";
  if (error == EALREADY) return "another part of this process has started DPDK";
  return "check ports and eal in the configuration";
}

std::vector<unsigned> all_worker_lcores() {
  std::vector<unsigned> lcores;
  constexpr unsigned kBeforeFirst = ~0U;
  for (unsigned lcore = rte_get_next_lcore(kBeforeFirst, 1, 0); lcore < RTE_MAX_LCORE;
       lcore = rte_get_next_lcore(lcore, 1, 0))
    lcores.push_back(lcore);
  return lcores;
}

Error start_error(const EalPlan& plan, int error) {
  return {fmt::format("DPDK does not start: {} ({}); {}; arguments: {}", take_dpdk_errors(),
                      rte_strerror(error), remedy_for(error), fmt::join(plan.arguments, " "))};
}

}  // namespace

Result<std::unique_ptr<Eal>> Eal::start(const EalPlan& plan) {
  lead_dpdk_log();
  std::unique_ptr<Eal> eal(new Eal);
  eal->arguments_ = plan.arguments;
  for (std::string& argument : eal->arguments_) eal->pointers_.push_back(argument.data());
  if (rte_eal_init(static_cast<int>(eal->pointers_.size()), eal->pointers_.data()) < 0)
    return tl::unexpected(start_error(plan, rte_errno));
  eal->worker_lcores_ = all_worker_lcores();
  if (eal->worker_lcores_.empty())
    return fail("DPDK has no lcore for a worker; remove core options from eal.args");
  return eal;
}

Eal::~Eal() {
  if (!worker_lcores_.empty()) rte_eal_cleanup();
}

}  // namespace gate41
