// Grace: has every worker passed a point where it held nothing that control had published before? Workers say
// so once a loop, and leave altogether while they nap. What control has taken out of sight may be freed once
// the token drawn after that has passed. RAII around rte_rcu_qsbr.
#pragma once

#include <cstdint>
#include <memory>

#include "dataplane/base/result.hpp"

struct rte_rcu_qsbr;

namespace gate41 {

class Grace {
 public:
  using Token = uint64_t;

  static Result<std::unique_ptr<Grace>> create(unsigned workers, int numa_node);
  ~Grace();
  Grace(const Grace&) = delete;
  Grace& operator=(const Grace&) = delete;

  // Workers, each for itself. A new worker is away.
  void come(unsigned worker) noexcept;
  void quiet(unsigned worker) noexcept;
  void leave(unsigned worker) noexcept;

  // Control.
  [[nodiscard]] Token begin() noexcept;
  [[nodiscard]] bool passed(Token token) noexcept;
  // Waits for a token of now, a few loops of the workers; false where one of them is held up for longer than
  // that.
  [[nodiscard]] bool wait_briefly() noexcept;

 private:
  Grace() = default;
  ::rte_rcu_qsbr* variable_ = nullptr;
};

}  // namespace gate41
