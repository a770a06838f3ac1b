#include "config/text_rules.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <span>
#include <sys/un.h>

#include "dataplane/net/address_blocks.hpp"

namespace gate41::config {
namespace {

constexpr std::string_view kLower = "abcdefghijklmnopqrstuvwxyz0123456789-";
constexpr std::string_view kFileName = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
constexpr std::string_view kHost = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-";
constexpr std::string_view kHex = "0123456789abcdefABCDEF";

bool only(std::string_view text, std::string_view letters) {
  return text.find_first_not_of(letters) == std::string_view::npos;
}
bool printable_without_blanks(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}
bool is_word(std::string_view text, std::string_view letters, std::size_t longest) {
  return !text.empty() && text.size() <= longest && only(text, letters);
}

// A name or an IPv4 address, and a port: what gate41-fetch understands. Nothing secret: processes show it.
bool is_authority(std::string_view text) {
  const std::size_t colon = std::min(text.find(':'), text.size());
  if (!is_word(text.substr(0, colon), kHost, 253)) return false;
  if (colon == text.size()) return true;
  const std::string_view digits = text.substr(colon + 1);
  uint16_t port = 0;
  const auto result = std::from_chars(digits.data(), digits.data() + digits.size(), port);
  return result.ec == std::errc() && result.ptr == digits.data() + digits.size() && port != 0;
}

template <typename Prefix, typename Block>
bool lab_may_lift(const Prefix& prefix, std::span<const Block> blocks) {
  return std::ranges::any_of(blocks, [&](const Block& block) {
    return block.lab_may_lift && prefix.length >= block.prefix.length &&
           block.prefix.contains(prefix.address);
  });
}

}  // namespace

Wrong check_name(std::string_view text) { return is_word(text, kLower, 15) ? nullptr : "is not a name"; }

Wrong check_lan_name(std::string_view text) {
  if (text == "wan") return "is taken by the WAN's interface g41wan";
  return is_word(text, kLower, 12) ? nullptr : "is not a name of a LAN";
}

Wrong check_netns(std::string_view text) {
  return is_word(text, kFileName, 64) && text[0] != '.' ? nullptr : "is not a name of a network namespace";
}

Wrong check_group(std::string_view text) {
  return is_word(text, kFileName, 32) ? nullptr : "is not a name of a group";
}

Wrong check_device(std::string_view text) {
  return !text.empty() && printable_without_blanks(text) ? nullptr : "is not a device";
}

Wrong check_absolute_path(std::string_view text) {
  return text.size() > 1 && text[0] == '/' && printable_without_blanks(text) ? nullptr
                                                                             : "is not an absolute path";
}

Wrong check_socket_path(std::string_view text) {
  if (text.size() >= sizeof(sockaddr_un::sun_path)) return "is too long for a socket";
  return check_absolute_path(text);
}

Wrong check_url(std::string_view text) {
  constexpr Wrong kWrong = "is not a URL of this kind";
  if (!printable_without_blanks(text) || text.size() > 1024) return kWrong;
  for (const std::string_view scheme : {"http://", "https://"})
    if (text.starts_with(scheme) &&
        is_authority(text.substr(scheme.size(), text.find_first_of("/?#", scheme.size()) - scheme.size())))
      return nullptr;
  return kWrong;
}

Wrong check_https_url(std::string_view text) {
  return text.starts_with("https://") ? check_url(text) : "is not a URL of this kind";
}

Wrong check_domain(std::string_view text) {
  constexpr Wrong kWrong = "is not a domain name";
  if (text.empty() || text.size() > 253) return kWrong;
  while (true) {
    const std::size_t dot = text.find('.');
    const std::string_view label = text.substr(0, dot);
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-') return kWrong;
    if (!only(label, kFileName) || label.find('.') != std::string_view::npos) return kWrong;
    if (dot == std::string_view::npos) return nullptr;
    text.remove_prefix(dot + 1);
  }
}

Wrong check_client_id(std::string_view text) {
  if (text == "auto") return nullptr;
  const bool hex = text.size() % 2 == 0 && text.size() >= 4 && text.size() <= 510 && only(text, kHex);
  return hex ? nullptr : "is not a client identifier";
}

Wrong check_lab_prefix(std::string_view text) {
  const auto v4 = Ipv4Prefix::parse(text);
  const auto v6 = Ipv6Prefix::parse(text);
  if (!v4 && !v6) return "is not a prefix (address/length, no bits behind the length)";
  const bool may = v4 ? lab_may_lift(*v4, never_embed_blocks()) : lab_may_lift(*v6, never_on_tunnel_blocks());
  return may ? nullptr : "can't be lifted";
}

Wrong check_not_empty(std::string_view text) { return text.empty() ? "is empty" : nullptr; }

}  // namespace gate41::config
