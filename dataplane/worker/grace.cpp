#include "dataplane/worker/grace.hpp"

#include <chrono>
#include <sched.h>

#include <rte_errno.h>
#include <rte_malloc.h>
#include <rte_rcu_qsbr.h>

#include "dataplane/base/cache_line.hpp"

namespace gate41 {

Result<std::unique_ptr<Grace>> Grace::create(unsigned workers, int numa_node) {
  std::unique_ptr<Grace> grace(new Grace);
  const std::size_t size = rte_rcu_qsbr_get_memsize(workers);
  grace->variable_ = static_cast<rte_rcu_qsbr*>(rte_zmalloc_socket("grace", size, kCacheLine, numa_node));
  if (grace->variable_ == nullptr) return fail("no memory for the workers' grace periods; raise eal.memory");
  rte_rcu_qsbr_init(grace->variable_, workers);
  for (unsigned worker = 0; worker < workers; ++worker)
    rte_rcu_qsbr_thread_register(grace->variable_, worker);
  return grace;
}

Grace::~Grace() { rte_free(variable_); }

void Grace::come(unsigned worker) noexcept { rte_rcu_qsbr_thread_online(variable_, worker); }
void Grace::quiet(unsigned worker) noexcept { rte_rcu_qsbr_quiescent(variable_, worker); }
void Grace::leave(unsigned worker) noexcept { rte_rcu_qsbr_thread_offline(variable_, worker); }

Grace::Token Grace::begin() noexcept { return rte_rcu_qsbr_start(variable_); }

bool Grace::passed(Token token) noexcept { return rte_rcu_qsbr_check(variable_, token, false) == 1; }

bool Grace::wait_briefly() noexcept {
  const Token token = begin();
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(1);
  while (!passed(token)) {
    if (std::chrono::steady_clock::now() > end) return false;
    ::sched_yield();  // the worker may want this very core
  }
  return true;
}

}  // namespace gate41
