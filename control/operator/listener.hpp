// The listening end of the operator socket.
#pragma once

#include <string>

#include "control/loop/fd.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::op {

// A non-blocking Unix stream socket at `path` (mode 0660, owned by `group`; a group that does not exist or
// cannot be given is a warning). The folder is made if missing. What a dead daemon left is replaced; a living
// one is an error.
Result<loop::Fd> listen_at(const std::string& path, const std::string& group);

}  // namespace gate41::op
