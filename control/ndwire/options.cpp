#include "control/ndwire/options.hpp"

namespace gate41::ndwire {

std::optional<Option> Options::next() noexcept {
  if (failed_ || reader_.remaining() == 0) return std::nullopt;
  Option option{reader_.u8(), {}};
  const std::size_t length = std::size_t{reader_.u8()} * 8;
  failed_ = length == 0;
  if (failed_) return std::nullopt;
  option.data = reader_.bytes(length - 2);
  failed_ = reader_.failed();
  return failed_ ? std::nullopt : std::optional(option);
}

bool well_formed(Bytes options) noexcept {
  Options walk(options);
  while (walk.next()) {
  }
  return !walk.failed();
}

std::optional<Option> find_option(Bytes options, uint8_t type) noexcept {
  Options walk(options);
  while (const auto option = walk.next())
    if (option->type == type) return option;
  return std::nullopt;
}

std::optional<MacAddress> find_lladdr(Bytes options, uint8_t type) noexcept {
  const auto option = find_option(options, type);
  if (!option || option->data.size() != sizeof(MacAddress)) return std::nullopt;
  const auto mac = Reader(option->data).read<MacAddress>();
  return mac.is_multicast() || mac.is_zero() ? std::nullopt : std::optional(mac);
}

}  // namespace gate41::ndwire
