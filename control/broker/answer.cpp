#include "control/broker/answer.hpp"

#include <algorithm>
#include <array>
#include <fmt/core.h>

namespace gate41::broker {
namespace {

struct Code {
  std::string_view word;
  Verdict verdict;
  std::string_view meaning;
};

constexpr std::array kCodes = {
    Code{"good", Verdict::accepted, ""},
    Code{"nochg", Verdict::accepted, ""},
    Code{"badauth", Verdict::refused, "the user name or the password is wrong"},
    Code{"!donator", Verdict::refused, "the account may not do this"},
    Code{"notfqdn", Verdict::refused, "the host is none that this broker can have"},
    Code{"nohost", Verdict::refused, "the account has no such host"},
    Code{"!yours", Verdict::refused, "the host belongs to another account"},
    Code{"numhost", Verdict::refused, "the host stands for too many"},
    Code{"abuse", Verdict::refused, "the host is blocked for too many updates"},
    Code{"badagent", Verdict::refused, "this client is not welcome"},
    Code{"911", Verdict::overloaded, "the broker is out of order"},
    Code{"dnserr", Verdict::overloaded, "the broker's DNS is out of order"},
};

}  // namespace

std::string shown(std::string_view line) {
  std::string text(line.substr(0, kMaxShownBytes));
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  if (line.size() > kMaxShownBytes) text.replace(kMaxShownBytes - 3, 3, "...");
  return text;
}

Answer read_answer(std::string_view line) {
  const std::string_view word = line.substr(0, line.find(' '));
  const auto* const code = std::ranges::find(kCodes, word, &Code::word);
  if (code == kCodes.end())
    return {Verdict::senseless, fmt::format("its answer is none of a broker: \"{}\"", shown(line))};
  // What dyndns2 says to a client that it does not want, without an error.
  if (line.starts_with("good 127.")) return {Verdict::refused, "this client is ignored (good 127.0.0.1)"};
  if (code->verdict == Verdict::accepted) return {code->verdict, shown(line)};
  return {code->verdict, fmt::format("{} ({})", code->meaning, word)};
}

}  // namespace gate41::broker
