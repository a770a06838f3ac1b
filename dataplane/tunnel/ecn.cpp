#include "dataplane/tunnel/ecn.hpp"

#include <array>

namespace gate41 {
namespace {

// RFC 3168 §5: the codepoints' order by value is Not-ECT, ECT(1), ECT(0), CE.
constexpr uint8_t kNotEct = 0;
constexpr uint8_t kEct1 = 1;
constexpr uint8_t kEct0 = 2;
constexpr uint8_t kCe = 3;

// RFC 6040 figure 4: a row for each inner codepoint, a column for each outer one.
using Row = std::array<EcnResult, 4>;
constexpr std::array<Row, 4> kEgress = {
    Row{{{false, kNotEct}, {false, kNotEct}, {false, kNotEct}, {true, kNotEct}}},  // Not-ECT
    Row{{{false, kEct1}, {false, kEct1}, {false, kEct1}, {false, kCe}}},           // ECT(1)
    Row{{{false, kEct0}, {false, kEct1}, {false, kEct0}, {false, kCe}}},           // ECT(0)
    Row{{{false, kCe}, {false, kCe}, {false, kCe}, {false, kCe}}},                 // CE
};

}  // namespace

EcnResult egress_ecn(uint8_t inner, uint8_t outer) noexcept { return kEgress[inner & 3U][outer & 3U]; }

}  // namespace gate41
