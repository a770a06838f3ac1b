// The reference: a stateful filter between a site (interior) and the IPv6 Internet (exterior), in the strict
// profile (X5: nothing comes in but what belongs to a flow from inside, or has a pinhole). Written from
// RFC 6092, 9293, 4890 and 8200 alone; it shares nothing with the product, and is in no hurry.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "tests/model/reference/packet.hpp"
#include "tests/model/reference/rules.hpp"
#include "tests/model/reference/tcp.hpp"
#include "tests/model/reference/verdict.hpp"

namespace gate41::model {

class Filter {
 public:
  // What is let in unasked from now on. A flow that was let in so must have its place in the new policy.
  void set_policy(Policy policy) { policy_ = std::move(policy); }
  // Time never goes back.
  Verdict verdict(const Packet& packet, Direction direction, Time now);

 private:
  // The two hosts, and what the protocol tells flows between them apart by (REC-25: ESP nothing).
  struct Key {
    Host interior;
    Host exterior;
    uint8_t protocol = 0;
    bool echo = false;
    uint16_t interior_port = 0;  // echo: the id in both
    uint16_t exterior_port = 0;
    auto operator<=>(const Key&) const = default;
  };
  struct Flow {
    Time expires{};
    bool from_outside = false;  // it began with a packet from there, which was invited
    bool asked = false;         // echo: the interior has sent a request
    bool answered = false;      // both sides have sent something
    std::optional<Connection> tcp{};
  };
  using Fragmented = std::tuple<Host, Host, uint32_t>;

  [[nodiscard]] static Key key_of(const Headers& headers, Direction direction);
  [[nodiscard]] static std::optional<Verdict> never_crosses(const Packet& packet, Direction direction);
  [[nodiscard]] Verdict on_whole(const Packet& packet, Direction direction, Time now);
  [[nodiscard]] bool is_related(const Packet& error, Direction direction, Time now);
  [[nodiscard]] Verdict on_miss(const Packet& packet, Direction direction, const Key& key, Time now);
  [[nodiscard]] Verdict on_hit(const Packet& packet, Direction direction, const Key& key, Flow& flow,
                               Time now);
  [[nodiscard]] Verdict on_tcp(const Packet& packet, Direction direction, const Key& key, Flow& flow,
                               Time now);
  [[nodiscard]] std::optional<Verdict> may_open(const Packet& packet, Direction direction) const;
  [[nodiscard]] bool is_invited(const Headers& headers) const;
  [[nodiscard]] bool may_stay(const Key& key, const Flow& flow) const;
  [[nodiscard]] std::optional<Verdict> on_echo(const Headers& headers, Direction direction, Flow& flow) const;
  [[nodiscard]] Flow* find(const Key& key, Time now);
  static void refresh(Flow& flow, const Headers& headers, Time now);

  Policy policy_;
  std::map<Key, Flow> flows_;
  std::map<Fragmented, Time> fragments_;  // those whose first one has passed, and until when
};

}  // namespace gate41::model
