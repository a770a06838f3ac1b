// The protocol of the operator socket (Unix stream), for the server and its clients. Both sides write JSON,
// one value a line, ASCII only (everything else is \u-escaped).
//   request  {"version":1,"command":"status"}; `capture` takes "drops" (bool) and "count" (0: no limit) and a
//            descriptor to write to, passed by SCM_RIGHTS with the bytes of the line; `drops` takes "reason"
//            and "count" (0: all); `ping` "destination", "source", "count", "interval" (seconds), "size"
//            (bytes of data); `traceroute` "destination", "source", "count" (requests a hop), "max_hops";
//            `flows` and `flows_delete` "address", "interior", "exterior" (prefixes), "port", "proto",
//            "state", "lan", `flows` "show" (rows, count, talkers), "order" (age, bytes, rate), "top",
//            `flows_delete` "all" (bool); `pinhole_add` the members of filter.inbound[] as texts, "lifetime"
//            ("1h"), "comment"; `pinhole_del` "id"; `trace` "address", "port", "proto", "on" (a port),
//            "dropped" (bool), "count", "seconds". All but a destination, an id and what a pinhole needs may
//            be missing.
//   answer   lines as view.hpp has them: one value, `flows` one row a line, `pinhole_add` {"id":N},
//            `ping` and `traceroute` one event a line as it happens, `reload` {"changes":["line",...]},
//            `capture` {"captured":N} when it is over; then {"end":{"ok":true}} or
//            {"end":{"ok":false,"error":"..."}}.
// One request at a time; the next one is read when the answer to the last has been. After a request that
// cannot be understood the server closes. A client that ends its writing side during `capture`, `ping`,
// `traceroute` or `trace` ends it.
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>

namespace gate41::op {

inline constexpr int kProtocolVersion = 1;
inline constexpr std::size_t kMaxRequestBytes = std::size_t{64} * 1024;

// Without line end. Text that is not UTF-8 is replaced, never thrown at.
inline std::string one_line(const nlohmann::json& value) {
  return value.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

}  // namespace gate41::op
