// fetch: one HTTP(S) GET over IPv4 that yields one line of text. Blocking; certificates are always verified.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "control/fetch/credentials.hpp"
#include "control/fetch/url.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::fetch {

inline constexpr int kMaxRedirects = 3;
inline constexpr std::size_t kMaxLineBytes = 256;

// Who to ask for names, each "address" or "address:port"; none: whom the system asks.
using NameServers = std::vector<std::string>;

struct Limits {
  std::chrono::seconds timeout{8};      // for each wait; the program limits their sum
  std::size_t max_bytes = 64UL * 1024;  // of a body
};

struct Request {
  Url url;
  NameServers name_servers;
  Limits limits;
  std::optional<Credentials> credentials;  // need an https URL; no other origin gets them by a redirect
  std::string authorities;                 // PEM file of certificates to trust; empty = the system's
};

// The first line of the body of a 200 answer, see first_line(). Credentials that the server refuses (status
// 401) are the answer "badauth", as servers of dyndns2 say it.
Result<std::string> fetch(const Request& request);

// The first line of `body` that is not blank, without spaces around it; at most kMaxLineBytes; what is not
// visible ASCII becomes '?'.
std::string first_line(std::string_view body);

}  // namespace gate41::fetch
