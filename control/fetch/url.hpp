// Url: the part of RFC 3986 that gate41-fetch speaks: http and https, a host name or IPv4 address, no user.
#pragma once

#include <string>
#include <string_view>

#include "dataplane/base/result.hpp"

namespace gate41::fetch {

struct Url {
  std::string scheme;     // "http" or "https"
  std::string authority;  // "host" or "host:port"
  std::string target;     // path and query, starts with '/'

  std::string origin() const { return scheme + "://" + authority; }
  std::string host() const { return authority.substr(0, authority.find(':')); }
  std::string text() const { return origin() + target; }
  // What may be shown: a query can hold what is nobody's business.
  std::string text_without_query() const { return origin() + target.substr(0, target.find('?')); }

  static Result<Url> parse(std::string_view text);
  // What a Location header of this URL's answer points to: an absolute URL or an absolute path. Never from
  // https back to http.
  Result<Url> redirected(std::string_view location) const;
};

}  // namespace gate41::fetch
