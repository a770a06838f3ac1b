// Multicast listener reports of the groups that neighbour discovery needs (RFC 3810 as a host, RFC 3590;
// version 1 towards a querier of version 1, RFC 3810 §8.2). All nodes (ff02::1) is never reported; all
// routers always is.
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "control/nd/context.hpp"
#include "control/ndwire/received.hpp"

namespace gate41::nd {

class Mld {
 public:
  explicit Mld(Context& context) : context_(context) {}

  // A group has as many members as own addresses that need it; the first joins, the last leaves.
  void join(const Ipv6Address& group, TimePoint now);
  void leave(const Ipv6Address& group, TimePoint now);
  // Reports come from the link-local address once there is one, from :: before (RFC 3590: then all are
  // repeated).
  void set_source(const Ipv6Address& link_local, TimePoint now);

  // False: not a valid query (RFC 3810 §6.2).
  [[nodiscard]] bool on_query(const ndwire::Received& query, TimePoint now);
  void on_timer(TimePoint now);
  [[nodiscard]] std::optional<TimePoint> next_deadline() const;

 private:
  struct Group {
    unsigned members = 0;
    unsigned changes_left = 0;  // reports of the change to joined or left that are still to be sent
    std::optional<TimePoint> change_due{};  // the next of them
    std::optional<TimePoint> answer_due{};  // to a query of this group
  };
  enum class RecordType : uint8_t { mode_is_exclude = 2, change_to_include = 3, change_to_exclude = 4 };
  struct Record {
    RecordType type;
    Ipv6Address group;
  };

  void change(Group& group, TimePoint now);
  void send_due(TimePoint now);
  void collect_change(const Ipv6Address& address, Group& group, TimePoint now, std::vector<Record>& records);
  void collect_answer(const Ipv6Address& address, Group& group, TimePoint now,
                      std::vector<Record>& records) const;
  void report(const std::vector<Record>& records, TimePoint now);
  void send_version_1(const Record& record);
  void send_version_2(std::span<const Record> records);

  Context& context_;
  std::map<Ipv6Address, Group> groups_;
  Ipv6Address source_{};
  std::optional<TimePoint> general_answer_due_;
  TimePoint version_1_until_ = TimePoint::min();
};

}  // namespace gate41::nd
