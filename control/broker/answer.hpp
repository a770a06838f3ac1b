// What a tunnel broker answers to an update: the return codes of dyndns2 (help.dyn.com/return-codes), which
// brokers of 6in4 tunnels speak too (U1). The line comes from the network: whatever it holds, what is given
// out is short and visible ASCII. Pure functions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace gate41::broker {

inline constexpr std::size_t kMaxShownBytes = 160;

enum class Verdict : uint8_t {
  accepted,    // good, nochg
  refused,     // asking again changes nothing until a person has
  overloaded,  // the broker's own trouble: it wants to be left alone for half an hour
  senseless,   // not the answer of a broker: a web page of somebody in between
};

struct Answer {
  Verdict verdict = Verdict::senseless;
  std::string text;  // accepted: the line as shown(); else what is wrong, for a person
};

[[nodiscard]] Answer read_answer(std::string_view line);

// At most kMaxShownBytes of it, with what is not visible ASCII as '?'; "..." where it was cut.
[[nodiscard]] std::string shown(std::string_view line);

}  // namespace gate41::broker
