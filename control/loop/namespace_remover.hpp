// NamespaceRemover: a process of its own that keeps CAP_SYS_ADMIN, which the daemon gives up, to take the
// name of the namespace away at the end. It does that on request only; when the daemon dies it ends and
// leaves the name for the next start, since others may use the namespace.
#pragma once

#include <chrono>
#include <string>
#include <sys/types.h>

#include "control/loop/fd.hpp"
#include "dataplane/base/clock.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::loop {

class NamespaceRemover {
 public:
  static constexpr Duration kLimit = std::chrono::seconds(1);

  // Forks: before EAL and before other threads.
  static Result<NamespaceRemover> start(const std::string& path);
  // Unmounts and unlinks the path. Waits at most kLimit.
  void remove();

 private:
  NamespaceRemover(Fd request, pid_t process, std::string path)
      : request_(std::move(request)), process_(process), path_(std::move(path)) {}
  Fd request_;
  pid_t process_;
  std::string path_;
};

}  // namespace gate41::loop
