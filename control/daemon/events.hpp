// Events: what happened, for the log and for `gate41 status`: the last few stay at hand. Control thread only.
#pragma once

#include <deque>
#include <string>

#include "dataplane/base/clock.hpp"
#include "dataplane/base/log.hpp"

namespace gate41 {

class Events {
 public:
  static constexpr std::size_t kKept = 20;
  struct Event {
    TimePoint time;
    std::string text;
  };

  void add(TimePoint now, std::string text) {
    log_notice("{}", text);
    keep(now, std::move(text));
  }
  // What a person has to look after.
  void warn(TimePoint now, std::string text) {
    log_warning("{}", text);
    keep(now, std::move(text));
  }
  [[nodiscard]] const std::deque<Event>& recent() const { return events_; }

 private:
  void keep(TimePoint now, std::string text) {
    events_.push_back({now, std::move(text)});
    if (events_.size() > kKept) events_.pop_front();
  }

  std::deque<Event> events_;
};

}  // namespace gate41
