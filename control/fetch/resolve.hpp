// Names to IPv4 addresses by name servers of our choice. Blocking.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "dataplane/base/result.hpp"

namespace gate41::fetch {

// The first IPv4 address of `host`, as text; an address comes back as it is. `servers`: "address" or
// "address:port", at least one; asked one after the other within `timeout`.
Result<std::string> resolve(const std::string& host, const std::vector<std::string>& servers,
                            std::chrono::milliseconds timeout);

}  // namespace gate41::fetch
