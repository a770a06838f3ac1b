#include "control/fetch/credentials.hpp"

#include <algorithm>
#include <unistd.h>

namespace gate41::fetch {
namespace {

// RFC 7617 §2: neither holds a control character.
bool is_clean(std::string_view text) {
  return std::ranges::none_of(text, [](char c) { return (c >= 0 && c < ' ') || c == '\x7f'; });
}

}  // namespace

Result<Credentials> Credentials::parse(std::string_view text) {
  const std::size_t end = text.find_last_not_of(" \t\r\n");
  text = text.substr(0, end == std::string_view::npos ? 0 : end + 1);
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_clean(text))
    return fail("the credentials are not one line, user:password");
  return Credentials{std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

Result<Credentials> Credentials::read(int descriptor) {
  std::string text(kMaxCredentialsBytes + 1, '\0');
  std::size_t size = 0;
  ssize_t got = 1;
  for (; got > 0 && size < text.size(); size += static_cast<std::size_t>(got)) {
    got = ::read(descriptor, text.data() + size, text.size() - size);
    if (got < 0) return fail("the credentials cannot be read");
  }
  if (size > kMaxCredentialsBytes) return fail("the credentials are not one line, user:password");
  text.resize(size);
  return parse(text);
}

}  // namespace gate41::fetch
