// The table of all keys: the only description of what the file may hold. The loader takes ranges, words,
// defaults' presence and `live` or `restart` from it, and config/README.md is printed from it.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gate41::config {

enum class Reload : uint8_t { live, restart };

// What is wrong with a text ("is not a whole number"), or nullptr.
using Wrong = const char*;

inline constexpr std::string_view kRequired = "required";

struct Key {
  std::string_view path;      // "tunnels.NAME.mtu", "filter.inbound[].proto"
  std::string_view unit;      // "bytes", "duration", "map", ...
  std::string_view fallback;  // the default as one would write it, or kRequired
  Reload reload = Reload::restart;
  std::string_view meaning;
  uint64_t min = 0;  // integers as they are, durations in ms, sizes in bytes; min = max = 0: no range
  uint64_t max = 0;
  std::span<const std::string_view> words;     // the words allowed, in the order of their values
  std::span<const std::string_view> later;     // words that a later release will know
  std::string_view form;                       // what is allowed where neither range nor words say it all
  Wrong (*check)(std::string_view) = nullptr;  // of texts and names

  [[nodiscard]] bool required() const { return fallback == kRequired; }
};

[[nodiscard]] std::span<const Key> all_keys();

// By pattern, nullptr when there is none.
[[nodiscard]] const Key* find_key(std::string_view pattern);

// The names of the keys right under a pattern: "tunnels.NAME" -> mode, relays, ...
[[nodiscard]] std::vector<std::string_view> names_under(std::string_view pattern);

// "1280..1480", "any | relays", ...: the second half of every message.
[[nodiscard]] std::string allowed_text(const Key& key);

}  // namespace gate41::config
