// The fragments of IPv6 packets that have passed (RFC 8200 §4.5), so that no datagram can be put together of
// overlapping ones (RFC 5722). Nothing is reassembled: the first one is judged as a whole packet, the others
// follow it.
#pragma once

#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "tests/model/reference/packet.hpp"
#include "tests/model/reference/rules.hpp"
#include "tests/model/reference/verdict.hpp"

namespace gate41::model {

class Fragments {
 public:
  // What is against this fragment, by those that have passed.
  [[nodiscard]] std::optional<Verdict> judge(const Headers& headers, Time now);
  // It has passed. The time of a datagram is that of its first fragment.
  void passed(const Headers& headers, Time now);

 private:
  using Key = std::tuple<Host, Host, uint32_t>;
  struct Piece {
    uint32_t begin;
    uint32_t end;
  };
  struct Datagram {
    Time until{};
    std::vector<Piece> pieces{};    // apart from each other, in order
    std::optional<uint32_t> end{};  // as the last fragment has told
    bool condemned = false;         // some overlapped
  };
  [[nodiscard]] static Key key_of(const Headers& headers);
  [[nodiscard]] static bool contradicts(const Datagram& datagram, const Headers& headers);

  std::map<Key, Datagram> datagrams_;
};

}  // namespace gate41::model
