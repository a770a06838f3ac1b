// Opening a file that only its owner may read: credentials.
#pragma once

#include <string>

#include "control/loop/fd.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::loop {

// Open for reading, at its beginning. Refused, with the remedy, unless it is a plain file of root's or of our
// own user with mode 0600 or less.
Result<Fd> open_secret(const std::string& path);

}  // namespace gate41::loop
