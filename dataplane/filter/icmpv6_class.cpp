#include "dataplane/filter/icmpv6_class.hpp"

#include <array>
#include <cstddef>

namespace gate41 {
namespace {

struct TypeRange {
  uint8_t first;
  uint8_t last;
  Icmpv6Class type;
};

// RFC 4890 §4.3.1..4.3.5; types 144..147 §4.3.2. What no row names is unallocated.
constexpr std::array kRanges = {
    TypeRange{0, 0, Icmpv6Class::forbidden},  // reserved
    TypeRange{1, 4, Icmpv6Class::error},
    TypeRange{100, 101, Icmpv6Class::forbidden},  // private experiments
    TypeRange{127, 127, Icmpv6Class::forbidden},  // reserved
    TypeRange{128, 128, Icmpv6Class::echo_request},
    TypeRange{129, 129, Icmpv6Class::echo_reply},
    TypeRange{130, 132, Icmpv6Class::link_local},  // MLD
    TypeRange{133, 137, Icmpv6Class::link_local},  // neighbour discovery
    TypeRange{138, 140, Icmpv6Class::forbidden},   // renumbering, node information
    TypeRange{141, 142, Icmpv6Class::link_local},  // inverse neighbour discovery
    TypeRange{143, 143, Icmpv6Class::link_local},  // MLDv2
    TypeRange{144, 147, Icmpv6Class::mobile},
    TypeRange{148, 149, Icmpv6Class::link_local},  // SEND
    TypeRange{151, 153, Icmpv6Class::link_local},  // multicast router discovery
    TypeRange{200, 201, Icmpv6Class::forbidden},   // private experiments
    TypeRange{255, 255, Icmpv6Class::forbidden},   // reserved
};

constexpr std::array<Icmpv6Class, 256> classes_by_type() {
  std::array<Icmpv6Class, 256> classes{};
  classes.fill(Icmpv6Class::unallocated);
  for (const TypeRange& range : kRanges)
    for (std::size_t type = range.first; type <= range.last; ++type) classes[type] = range.type;
  return classes;
}

constexpr auto kClasses = classes_by_type();

}  // namespace

Icmpv6Class class_of_icmpv6(uint8_t type) noexcept { return kClasses[type]; }

}  // namespace gate41
