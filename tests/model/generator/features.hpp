// Features: what of the filter a sequence may touch, by name, so that a difference can be looked for alone.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace gate41::model {

enum class Feature : uint8_t {
  sctp,         // associations, and what is none
  dccp,         // connections, and what is none
  fragments,    // fragments that overlap, come twice, or contradict each other
  profiles,     // other profiles than the strict one
  timers,       // timers other than the defaults
  pinholes,     // for more protocols, and with remote prefixes
  mapping,      // endpoint-independent filtering
  unreachable,  // the error that tells of an unsolicited SYN or INIT, six seconds later
};
inline constexpr std::array<std::string_view, 8> kFeatureNames = {
    "sctp", "dccp", "fragments", "profiles", "timers", "pinholes", "mapping", "unreachable"};
static_assert(kFeatureNames.size() == static_cast<std::size_t>(Feature::unreachable) + 1);

class Features {
 public:
  constexpr Features() = default;
  constexpr explicit Features(std::initializer_list<Feature> features) {
    for (const Feature feature : features) add(feature);
  }
  [[nodiscard]] constexpr bool has(Feature feature) const {
    return (bits_ >> static_cast<unsigned>(feature) & 1U) != 0;
  }
  constexpr void add(Feature feature) { bits_ |= 1U << static_cast<unsigned>(feature); }

 private:
  uint32_t bits_ = 0;
};

// What is not said otherwise.
inline constexpr std::string_view kUsual = "sctp,dccp,fragments,profiles,timers,pinholes,mapping,unreachable";

// By names with commas between; nothing when one is no name.
[[nodiscard]] std::optional<Features> features_of(std::string_view names);

}  // namespace gate41::model
