#include "dataplane/net/address_blocks.hpp"

#include <algorithm>
#include <array>

namespace gate41 {
namespace {

constexpr Ipv4Prefix v4(uint8_t a, uint8_t b, uint8_t c, uint8_t d, uint8_t length) {
  return {Ipv4Address::of(a, b, c, d), length};
}
constexpr Ipv6Prefix v6(uint16_t a, uint16_t b, uint16_t c, uint8_t length) {
  return {Ipv6Address::of({a, b, c, 0, 0, 0, 0, 0}), length};
}

// Both tables are sorted by their first byte, a more special block before the one that holds it: the index
// relies on it.
constexpr std::array kNeverEmbed = {
    Ipv4Block{v4(0, 0, 0, 0, 8), "this network", false},                     // G1
    Ipv4Block{v4(10, 0, 0, 0, 8), "private-use", false},                     // G2
    Ipv4Block{v4(100, 64, 0, 0, 10), "shared address space (CGN)", false},   // G3
    Ipv4Block{v4(127, 0, 0, 0, 8), "loopback", false},                       // G4
    Ipv4Block{v4(169, 254, 0, 0, 16), "link-local", false},                  // G5
    Ipv4Block{v4(172, 16, 0, 0, 12), "private-use", false},                  // G6
    Ipv4Block{v4(192, 0, 0, 0, 24), "IETF protocol assignments", false},     // G7
    Ipv4Block{v4(192, 0, 2, 0, 24), "documentation (TEST-NET-1)", true},     // G8
    Ipv4Block{v4(192, 88, 99, 0, 24), "6to4 relay anycast", false},          // G9
    Ipv4Block{v4(192, 168, 0, 0, 16), "private-use", false},                 // G10
    Ipv4Block{v4(198, 18, 0, 0, 15), "benchmarking", true},                  // G11
    Ipv4Block{v4(198, 51, 100, 0, 24), "documentation (TEST-NET-2)", true},  // G8
    Ipv4Block{v4(203, 0, 113, 0, 24), "documentation (TEST-NET-3)", true},   // G8
    Ipv4Block{v4(224, 0, 0, 0, 4), "multicast", false},                      // G12
    Ipv4Block{v4(255, 255, 255, 255, 32), "limited broadcast", false},       // G13
    Ipv4Block{v4(240, 0, 0, 0, 4), "reserved", false},                       // G13
};

// G16. 2001::/32 and 64:ff9b::/96 are absent on purpose: legitimate native addresses (G18).
constexpr std::array kNeverOnTunnel = {
    Ipv6Block{v6(0, 0, 0, 16), "unspecified, loopback, IPv4-mapped or IPv4-compatible", false},
    Ipv6Block{v6(0x64, 0xff9b, 1, 48), "local-use IPv4/IPv6 translation", false},
    Ipv6Block{v6(0x100, 0, 0, 64), "discard-only", false},
    Ipv6Block{v6(0x2001, 0x2, 0, 48), "benchmarking", true},
    Ipv6Block{v6(0x2001, 0x10, 0, 28), "ORCHID", false},
    Ipv6Block{v6(0x2001, 0xdb8, 0, 32), "documentation", true},
    Ipv6Block{v6(0x3fff, 0, 0, 20), "documentation", true},
    Ipv6Block{v6(0x5f00, 0, 0, 16), "segment routing (SRv6) SIDs", false},
    Ipv6Block{v6(0xfc00, 0, 0, 7), "unique local", false},
    Ipv6Block{v6(0xfe80, 0, 0, 10), "link-local", false},
    Ipv6Block{v6(0xfec0, 0, 0, 10), "site-local", false},
    Ipv6Block{v6(0xff00, 0, 0, 8), "multicast", false},
};

// For each first byte of an address, the blocks that it can be in: [first, last) of the table.
struct IndexEntry {
  uint8_t first = 0;
  uint8_t last = 0;
};
using Index = std::array<IndexEntry, 256>;

constexpr uint8_t first_byte(const Ipv4Prefix& prefix) {
  return static_cast<uint8_t>(prefix.address.host() >> 24U);
}
constexpr uint8_t first_byte(const Ipv6Prefix& prefix) { return prefix.address.bytes[0]; }

template <typename Table>
constexpr Index build_index(const Table& table) {
  Index index{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    const auto& prefix = table[i].prefix;
    const unsigned begin = first_byte(prefix);
    const unsigned end = begin + (prefix.length >= 8 ? 1U : 1U << (8U - prefix.length));
    for (unsigned byte = begin; byte < end; ++byte) {
      if (index[byte].last == 0) index[byte].first = static_cast<uint8_t>(i);
      index[byte].last = static_cast<uint8_t>(i + 1);
    }
  }
  return index;
}

// What a block's prefix is compared by: the bits within it, in host order.
struct Pattern {
  uint64_t mask = 0;
  uint64_t value = 0;
};
constexpr Pattern pattern_of(const Ipv4Prefix& prefix) { return {prefix.mask(), prefix.address.host()}; }
constexpr Pattern pattern_of(const Ipv6Prefix& prefix) {
  Pattern pattern{~uint64_t{0} << (64U - prefix.length), 0};  // none is longer
  for (std::size_t i = 0; i < 8; ++i) pattern.value = pattern.value << 8U | prefix.address.bytes[i];
  return pattern;
}
constexpr uint64_t bits_of(const Ipv4Address& address) { return address.host(); }
uint64_t bits_of(const Ipv6Address& address) noexcept { return address.high(); }

template <typename Table>
constexpr auto patterns_of(const Table& table) {
  std::array<Pattern, std::tuple_size_v<Table>> patterns{};
  for (std::size_t i = 0; i < table.size(); ++i) patterns[i] = pattern_of(table[i].prefix);
  return patterns;
}
static_assert(std::ranges::all_of(kNeverOnTunnel,
                                  [](const Ipv6Block& block) { return block.prefix.length <= 64; }));

constexpr Index kNeverEmbedIndex = build_index(kNeverEmbed);
constexpr Index kNeverOnTunnelIndex = build_index(kNeverOnTunnel);
constexpr auto kNeverEmbedPatterns = patterns_of(kNeverEmbed);
constexpr auto kNeverOnTunnelPatterns = patterns_of(kNeverOnTunnel);

template <typename Prefix, typename Address>
bool any_contains(std::span<const Prefix> prefixes, const Address& address) noexcept {
  for (const Prefix& prefix : prefixes)
    if (prefix.contains(address)) return true;
  return false;
}

// Only blocks in the way are compared; the laboratory's list is read only for what would be refused.
template <typename Table, typename Patterns, typename Address, typename Prefix>
auto find_block(const Table& table, const Patterns& patterns, IndexEntry entry, const Address& address,
                std::span<const Prefix> lifted) noexcept -> const typename Table::value_type* {
  for (std::size_t i = entry.first; i < entry.last; ++i) {
    const auto& block = table[i];
    if ((bits_of(address) & patterns[i].mask) != patterns[i].value) continue;
    return block.lab_may_lift && any_contains(lifted, address) ? nullptr : &block;
  }
  return nullptr;
}

}  // namespace

std::span<const Ipv4Block> never_embed_blocks() { return kNeverEmbed; }
std::span<const Ipv6Block> never_on_tunnel_blocks() { return kNeverOnTunnel; }

const Ipv4Block* never_embed(Ipv4Address address, const LabAllow& lab) noexcept {
  return find_block(kNeverEmbed, kNeverEmbedPatterns, kNeverEmbedIndex[address.host() >> 24U], address,
                    lab.v4);
}

const Ipv6Block* never_on_tunnel(const Ipv6Address& address, const LabAllow& lab) noexcept {
  return find_block(kNeverOnTunnel, kNeverOnTunnelPatterns, kNeverOnTunnelIndex[address.bytes[0]], address,
                    lab.v6);
}

}  // namespace gate41
