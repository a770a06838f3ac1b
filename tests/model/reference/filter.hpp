// The reference: a stateful filter between a site (interior) and the IPv6 Internet (exterior), in the
// profiles of X5. Written from RFC 6092, 9293, 9260, 4340, 4890 and 8200 alone; it shares nothing with the
// product, and is in no hurry.
#pragma once

#include <map>
#include <optional>
#include <variant>

#include "tests/model/reference/dccp.hpp"
#include "tests/model/reference/fragments.hpp"
#include "tests/model/reference/packet.hpp"
#include "tests/model/reference/rules.hpp"
#include "tests/model/reference/sctp.hpp"
#include "tests/model/reference/tcp.hpp"
#include "tests/model/reference/unanswered.hpp"
#include "tests/model/reference/verdict.hpp"

namespace gate41::model {

class Filter {
 public:
  // What holds from now on. A flow that was let in unasked must have its place in the new policy, or nothing
  // of it passes any more; timers that run go on as they were set.
  void set_policy(Policy policy);
  // Time never goes back.
  Verdict verdict(const Packet& packet, Direction direction, Time now);
  // About whom an error "administratively prohibited" goes to the exterior now, before what comes then.
  [[nodiscard]] std::vector<Headers> unreachable(Time now);

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
    uint64_t epoch = 0;         // of the policy that has let it in, or let it stay
    bool from_outside = false;  // it began with a packet from there, which was invited
    bool by_endpoint = false;   // by nothing but the interior's use of the endpoint
    bool barred = false;        // it would not be invited now
    bool asked = false;         // echo: the interior has sent a request
    bool answered = false;      // both sides have sent something
    std::variant<std::monostate, Connection, Association, DccpConnection> connection{};
  };

  [[nodiscard]] static Key key_of(const Headers& headers, Direction direction);
  [[nodiscard]] static std::optional<Verdict> never_crosses(const Packet& packet, Direction direction);
  [[nodiscard]] Verdict judge(const Packet& packet, Direction direction, Time now);
  void watch_for_answers(const Packet& packet, Direction direction, Verdict verdict, Time now);
  [[nodiscard]] Verdict on_whole(const Packet& packet, Direction direction, Time now);
  [[nodiscard]] bool is_related(const Packet& error, Direction direction, Time now);
  [[nodiscard]] Verdict on_barred(const Packet& packet, Direction direction, const Key& key, Flow& flow,
                                  Time now);
  [[nodiscard]] Verdict on_miss(const Packet& packet, Direction direction, const Key& key, Time now);
  [[nodiscard]] Verdict on_hit(const Packet& packet, Direction direction, const Key& key, Flow& flow,
                               Time now);
  [[nodiscard]] Verdict on_connection(Judgement judgement, const Packet& packet, Direction direction,
                                      const Key& key, Flow& flow, Time now);
  [[nodiscard]] Verdict on_other(const Packet& packet, Direction direction, Flow& flow, Time now);
  [[nodiscard]] std::optional<Verdict> may_open(const Packet& packet, Direction direction, Time now) const;
  [[nodiscard]] bool is_invited(const Headers& headers, Time now) const;
  [[nodiscard]] bool is_invited_by_policy(const Headers& headers) const;
  [[nodiscard]] bool has_pinhole(const Headers& headers) const;
  [[nodiscard]] bool is_endpoint(const Headers& headers, Time now) const;
  [[nodiscard]] bool may_stay(const Key& key, const Flow& flow, Time now) const;
  [[nodiscard]] std::optional<Verdict> on_echo(const Headers& headers, Direction direction, Flow& flow,
                                               Time now) const;
  [[nodiscard]] Flow* find(const Key& key, Time now);
  [[nodiscard]] seconds lifetime(const Headers& headers, bool established) const;
  void refresh(Flow& flow, const Headers& headers, Time now) const;
  static void note_answer(Flow& flow, Direction sender);
  void refresh_by(Flow& flow, const Headers& headers, Direction sender, Time now) const;

  Policy policy_;
  uint64_t epoch_ = 0;
  std::map<Key, Flow> flows_;
  Fragments fragments_;
  Unanswered unanswered_;
};

}  // namespace gate41::model
