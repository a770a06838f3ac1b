// Withdrawals: values that hosts were told of and that are no longer so; they are advertised with lifetime 0
// for as long as a host may remember them.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "dataplane/base/clock.hpp"
#include "dataplane/net/address.hpp"

namespace gate41::ra {

template <typename T>
class Withdrawals {
 public:
  // `now_valid` takes the place of `before`: what is gone is withdrawn until `until`, what is back is not.
  void replace(const std::vector<T>& before, const std::vector<T>& now_valid, TimePoint until) {
    std::erase_if(items_, [&](const Item& item) { return contains(now_valid, item.value); });
    for (const T& value : before)
      if (!contains(now_valid, value)) items_.push_back({value, until});
  }
  void expire(TimePoint now) {
    std::erase_if(items_, [&](const Item& item) { return item.until <= now; });
  }
  [[nodiscard]] std::vector<T> values() const {
    std::vector<T> values;
    for (const Item& item : items_) values.push_back(item.value);
    return values;
  }

 private:
  struct Item {
    T value;
    TimePoint until;
  };
  static bool contains(const std::vector<T>& values, const T& value) {
    return std::find(values.begin(), values.end(), value) != values.end();
  }
  std::vector<Item> items_;
};

struct Withdrawn {
  Withdrawals<Ipv6Prefix> routes;
  Withdrawals<Ipv6Address> rdnss;
  Withdrawals<std::string> dnssl;
  void expire(TimePoint now) {
    routes.expire(now);
    rdnss.expire(now);
    dnssl.expire(now);
  }
};

}  // namespace gate41::ra
