// Credentials for HTTP basic authentication (RFC 7617), from a file of one line, "user:password". What they
// hold never stands in an error's text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "dataplane/base/result.hpp"

namespace gate41::fetch {

inline constexpr std::size_t kMaxCredentialsBytes = 1024;

struct Credentials {
  std::string user;
  std::string password;

  static Result<Credentials> parse(std::string_view text);
  // The whole of an open file.
  static Result<Credentials> read(int descriptor);
};

}  // namespace gate41::fetch
