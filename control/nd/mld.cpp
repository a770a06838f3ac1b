#include "control/nd/mld.hpp"

#include <algorithm>

#include "control/ndwire/message.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41::nd {
namespace {

using ndwire::Message;

constexpr uint8_t kReportVersion1 = 131;
constexpr uint8_t kDone = 132;
constexpr std::size_t kQueryLengthVersion1 = 24;
constexpr std::size_t kQueryLengthVersion2 = 28;
constexpr Ipv6Address kReportDestination = Ipv6Address::of({0xff02, 0, 0, 0, 0, 0, 0, 0x16});
constexpr std::size_t kRecordsPerReport = 60;  // of 20 bytes, within 1280
// RFC 3810 §9.
constexpr unsigned kRobustness = 2;
constexpr Duration kReportInterval = std::chrono::seconds(1);
constexpr Duration kOlderQuerierPresent = std::chrono::seconds(kRobustness * 125 + 10);

// RFC 3810 §5.1.3: milliseconds, above 32767 as a floating point number.
Duration response_delay(uint16_t code, bool version_1) {
  if (version_1 || code < 0x8000U) return std::chrono::milliseconds(code);
  const uint32_t mantissa = (code & 0x0fffU) | 0x1000U;
  const uint32_t exponent = (uint32_t{code} >> 12U & 0x7U) + 3U;
  return std::chrono::milliseconds(mantissa << exponent);
}

bool is_due(const std::optional<TimePoint>& due, TimePoint now) { return due && *due <= now; }

}  // namespace

void Mld::join(const Ipv6Address& group, TimePoint now) {
  if (groups_.empty() && group != kAllRouters) {
    ++groups_[kAllRouters].members;
    change(groups_[kAllRouters], now);
  }
  Group& joined = groups_[group];
  if (joined.members++ == 0) change(joined, now);
  send_due(now);
}

void Mld::leave(const Ipv6Address& group, TimePoint now) {
  const auto left = groups_.find(group);
  if (left == groups_.end() || left->second.members == 0) return;
  if (--left->second.members == 0) change(left->second, now);
  send_due(now);
}

void Mld::set_source(const Ipv6Address& link_local, TimePoint now) {
  if (source_ == link_local) return;
  source_ = link_local;
  if (source_.is_unspecified()) return;
  for (auto& [address, group] : groups_)
    if (group.members > 0) change(group, now);
  send_due(now);
}

bool Mld::on_query(const ndwire::Received& query, TimePoint now) {
  Reader fields(query.message);
  fields.skip(4);
  const uint16_t code = fields.u16();
  fields.skip(2);
  const auto asked = fields.read<Ipv6Address>();
  const bool version_1 = query.message.size() == kQueryLengthVersion1;
  const bool long_enough = version_1 || query.message.size() >= kQueryLengthVersion2;
  if (fields.failed() || !long_enough || !query.source.is_link_local() || !query.router_alert ||
      query.hop_limit != ndwire::kMldHopLimit)
    return false;
  if (version_1) version_1_until_ = now + kOlderQuerierPresent;
  const TimePoint due = now + context_.delay(response_delay(code, version_1));
  const auto group = groups_.find(asked);
  if (asked.is_unspecified()) {
    general_answer_due_ = earlier(general_answer_due_, due);
  } else if (group != groups_.end() && group->second.members > 0) {
    group->second.answer_due = earlier(group->second.answer_due, due);
  }
  return true;
}

void Mld::on_timer(TimePoint now) { send_due(now); }

std::optional<TimePoint> Mld::next_deadline() const {
  auto due = general_answer_due_;
  for (const auto& [address, group] : groups_)
    due = earlier(due, earlier(group.change_due, group.answer_due));
  return due;
}

void Mld::change(Group& group, TimePoint now) {
  group.changes_left = kRobustness;
  group.change_due = now;
}

void Mld::send_due(TimePoint now) {
  std::vector<Record> records;
  for (auto& [address, group] : groups_) {
    collect_answer(address, group, now, records);
    collect_change(address, group, now, records);
  }
  if (is_due(general_answer_due_, now)) general_answer_due_.reset();
  std::erase_if(
      groups_, [](const auto& entry) { return entry.second.members == 0 && entry.second.changes_left == 0; });
  if (!records.empty()) report(records, now);
}

void Mld::collect_answer(const Ipv6Address& address, Group& group, TimePoint now,
                         std::vector<Record>& records) const {
  const bool answers = is_due(general_answer_due_, now) || is_due(group.answer_due, now);
  if (!answers) return;
  group.answer_due.reset();
  if (group.members > 0) records.push_back({RecordType::mode_is_exclude, address});
}

void Mld::collect_change(const Ipv6Address& address, Group& group, TimePoint now,
                         std::vector<Record>& records) {
  if (!is_due(group.change_due, now)) return;
  records.push_back(
      {group.members > 0 ? RecordType::change_to_exclude : RecordType::change_to_include, address});
  --group.changes_left;
  group.change_due.reset();
  if (group.changes_left > 0) group.change_due = now + context_.delay(kReportInterval);
}

void Mld::report(const std::vector<Record>& records, TimePoint now) {
  if (now < version_1_until_) {
    for (const Record& record : records) send_version_1(record);
    return;
  }
  for (std::span<const Record> rest(records); !rest.empty();) {
    const std::size_t count = std::min(rest.size(), kRecordsPerReport);
    send_version_2(rest.first(count));
    rest = rest.subspan(count);
  }
}

// RFC 2710 §3: to the group itself; that it was left, to all routers.
void Mld::send_version_1(const Record& record) {
  const bool left = record.type == RecordType::change_to_include;
  const Ipv6Address& destination = left ? kAllRouters : record.group;
  Message message(left ? kDone : kReportVersion1);
  message.u32(0).address(record.group);
  context_.emit(SendFrame{message.frame({.ether_source = context_.settings.mac,
                                         .ether_destination = multicast_mac(destination),
                                         .source = source_,
                                         .destination = destination,
                                         .hop_limit = ndwire::kMldHopLimit,
                                         .router_alert = true})});
}

// RFC 3810 §5.2.
void Mld::send_version_2(std::span<const Record> records) {
  Message message(icmpv6_type::kMldv2Report);
  message.u16(0).u16(static_cast<uint16_t>(records.size()));
  for (const Record& record : records)
    message.u8(static_cast<uint8_t>(record.type)).u8(0).u16(0).address(record.group);
  context_.emit(SendFrame{message.frame({.ether_source = context_.settings.mac,
                                         .ether_destination = multicast_mac(kReportDestination),
                                         .source = source_,
                                         .destination = kReportDestination,
                                         .hop_limit = ndwire::kMldHopLimit,
                                         .router_alert = true})});
}

}  // namespace gate41::nd
