// Who has knocked at a closed door (RFC 6092 REC-34, REC-39): a SYN or INIT that was dropped is answered with
// an error only when six seconds later the interior has not opened the same connection itself, for both may
// open it at once.
#pragma once

#include <map>
#include <tuple>
#include <vector>

#include "tests/model/reference/packet.hpp"
#include "tests/model/reference/rules.hpp"

namespace gate41::model {

class Unanswered {
 public:
  // Inbound and dropped. Of several the oldest counts.
  void dropped(const Headers& headers, Time now) {
    knocks_.try_emplace(connection_of(headers), headers, now);
  }
  // Outbound and let through.
  void opened(Headers headers);
  // About whom the error goes out now (REC-34: communication administratively prohibited).
  [[nodiscard]] std::vector<Headers> due(Time now);

 private:
  struct Knock {
    Headers headers;
    Time at;
    Knock(const Headers& dropped, Time now) : headers(dropped), at(now) {}
  };
  using Connection = std::tuple<Host, Host, uint8_t, uint16_t, uint16_t>;
  [[nodiscard]] static Connection connection_of(const Headers& headers) {
    return {headers.source, headers.destination, headers.protocol, headers.source_port,
            headers.destination_port};
  }
  std::map<Connection, Knock> knocks_;
};

}  // namespace gate41::model
