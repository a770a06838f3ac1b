#include "control/tool/flow_filter.hpp"

#include <charconv>
#include <strings.h>

namespace gate41::tool {
namespace {

struct End {
  std::optional<Ipv6Address> address;
  std::optional<uint16_t> port;
};

// "[address]:port", or the address alone.
End parse_end(std::string_view text) {
  if (!text.starts_with('[')) return {Ipv6Address::parse(text), std::nullopt};
  const std::size_t close = text.find(']');
  if (close == std::string_view::npos) return {};
  End end{Ipv6Address::parse(text.substr(1, close - 1)), std::nullopt};
  if (!text.substr(close).starts_with("]:")) return end;
  uint16_t port = 0;
  const auto result = std::from_chars(text.data() + close + 2, text.data() + text.size(), port);
  if (result.ec == std::errc()) end.port = port;
  return end;
}

End end_of(const Json& flow, std::string_view key) {
  const Json& value = at(flow, key);
  return value.is_string() ? parse_end(value.get_ref<const std::string&>()) : End{};
}

bool same(const std::string& wanted, const std::string& found) {
  return wanted.empty() || ::strcasecmp(wanted.c_str(), found.c_str()) == 0;
}

}  // namespace

bool FlowFilter::matches(const Json& flow) const {
  if (!same(proto, text(flow, "proto")) || !same(state, text(flow, "state"))) return false;
  if (!address && !port) return true;
  bool address_found = !address;
  bool port_found = !port;
  for (const std::string_view key : {"interior", "exterior"}) {
    const End end = end_of(flow, key);
    address_found = address_found || (end.address && address->contains(*end.address));
    port_found = port_found || end.port == port;
  }
  return address_found && port_found;
}

}  // namespace gate41::tool
