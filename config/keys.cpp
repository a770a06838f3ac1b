#include "config/keys.hpp"

#include <algorithm>
#include <array>

#include "config/keys/filter.hpp"
#include "config/keys/general.hpp"
#include "config/keys/lans.hpp"
#include "config/keys/machine.hpp"
#include "config/keys/relay.hpp"
#include "config/keys/tunnels.hpp"
#include "config/keys/wan.hpp"

namespace gate41::config {
namespace {

template <std::size_t... N>
constexpr auto joined(const std::array<Key, N>&... tables) {
  std::array<Key, (N + ...)> all;
  auto end = all.begin();
  ((end = std::ranges::copy(tables, end).out), ...);
  return all;
}

// In the order of the reference.
constexpr auto kKeys =
    joined(kGeneralKeys, kWanKeys, kTunnelsKeys, kLansKeys, kFilterKeys, kRelayKeys, kMachineKeys);

}  // namespace

std::span<const Key> all_keys() { return kKeys; }

}  // namespace gate41::config
