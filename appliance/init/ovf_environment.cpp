#include "appliance/init/ovf_environment.hpp"

#include <cstdint>

namespace gate41::appliance {
namespace {

constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

// Of one element's start tag; either kind of quotes.
std::optional<std::string> attribute(std::string_view tag, std::string_view name) {
  std::size_t at = tag.find(name);
  if (at == std::string_view::npos) return std::nullopt;
  at = tag.find_first_of("\"'", at + name.size());
  if (at == std::string_view::npos) return std::nullopt;
  const std::size_t end = tag.find(tag[at], at + 1);
  if (end == std::string_view::npos) return std::nullopt;
  return std::string(tag.substr(at + 1, end - at - 1));
}

}  // namespace

std::optional<std::string> ovf_property(std::string_view xml, std::string_view key) {
  constexpr std::string_view kProperty = "Property ";
  for (std::size_t at = xml.find(kProperty); at != std::string_view::npos; at = xml.find(kProperty, at + 1)) {
    const std::string_view tag = xml.substr(at, xml.find('>', at) - at);
    if (attribute(tag, "key=") == key) return attribute(tag, "value=");
  }
  return std::nullopt;
}

std::optional<std::string> from_base64(std::string_view text) {
  std::string bytes;
  uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '=') continue;
    const std::size_t digit = kDigits.find(c);
    if (digit == std::string_view::npos) return std::nullopt;
    bits = bits << 6U | static_cast<uint32_t>(digit);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes += static_cast<char>(bits >> static_cast<unsigned>(count) & 0xffU);
  }
  return bytes;
}

}  // namespace gate41::appliance
