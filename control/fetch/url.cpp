#include "control/fetch/url.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

namespace gate41::fetch {
namespace {

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
}

bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= 253 && std::all_of(text.begin(), text.end(), is_host_character);
}

bool is_port(std::string_view text) {
  uint16_t port = 0;
  const auto result = std::from_chars(text.data(), text.data() + text.size(), port);
  return result.ec == std::errc() && result.ptr == text.data() + text.size() && port != 0;
}

bool is_authority(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return is_host(text);
  return is_host(text.substr(0, colon)) && is_port(text.substr(colon + 1));
}

// A line end or a space would end the request line and start a header.
bool is_target(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

}  // namespace

Result<Url> Url::parse(std::string_view text) {
  Url url;
  const std::size_t colon = text.find("://");
  url.scheme = text.substr(0, colon);
  if (colon == std::string_view::npos || (url.scheme != "http" && url.scheme != "https"))
    return fail("not an http:// or https:// URL");
  text.remove_prefix(colon + 3);
  text = text.substr(0, text.find('#'));
  const std::size_t slash = std::min(text.find_first_of("/?"), text.size());
  url.authority = text.substr(0, slash);
  if (!is_authority(url.authority)) return fail("the URL has no host name or IPv4 address, or a wrong port");
  url.target = text.substr(slash);
  if (!url.target.starts_with('/')) url.target.insert(0, 1, '/');
  if (!is_target(url.target)) return fail("the URL has characters that must be escaped");
  return url;
}

Result<Url> Url::redirected(std::string_view location) const {
  const bool is_path = location.starts_with('/') && !location.starts_with("//");
  Result<Url> next = parse(is_path ? origin() + std::string(location) : std::string(location));
  if (!next) return fail("redirected to a place that is not understood: " + next.error().message);
  if (scheme == "https" && next->scheme != "https") return fail("redirected from https to http");
  return next;
}

}  // namespace gate41::fetch
