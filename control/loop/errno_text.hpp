// What a failed system call says, as a person reads it.
#pragma once

#include <cerrno>
#include <string>
#include <system_error>

namespace gate41::loop {

inline std::string errno_text(int error = errno) { return std::generic_category().message(error); }

}  // namespace gate41::loop
