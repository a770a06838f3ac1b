// Result<T>: a value or an Error, for everything outside the packet path that can fail.
// The one place that names the library behind it.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace gate41 {

// One line a person can act on: where, what was found, what is allowed or how to mend it.
struct Error {
  std::string message;
};

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(std::string message) {
  return tl::unexpected<Error>(Error{std::move(message)});
}

}  // namespace gate41
