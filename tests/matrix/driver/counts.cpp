#include "tests/matrix/driver/counts.hpp"

namespace gate41::matrix {
namespace {

struct Named {
  const char* name;
  uint64_t CounterTotals::*value;
};
constexpr std::array kSingle = {
    Named{"tx", &CounterTotals::tx},
    Named{"created", &CounterTotals::created},
    Named{"handed_out", &CounterTotals::handed_out},
    Named{"held", &CounterTotals::held},
    Named{"icmp_errors_limited", &CounterTotals::icmp_errors_limited},
    Named{"echo_replies", &CounterTotals::echo_replies},
};

}  // namespace

std::vector<std::string> count_names() {
  std::vector<std::string> names;
  for (const Named& single : kSingle) names.emplace_back(single.name);
  for (const DropReasonText& reason : kDropReasons) names.push_back("drop." + std::string(reason.name));
  for (std::size_t i = 0; i < kExceptionClasses; ++i)
    names.push_back("punt." + std::string(name_of(static_cast<ExceptionClass>(i))));
  return names;
}

std::vector<uint64_t> counts(const CounterTotals& totals) {
  std::vector<uint64_t> values;
  for (const Named& single : kSingle) values.push_back(totals.*single.value);
  values.insert(values.end(), totals.drops.begin(), totals.drops.end());
  values.insert(values.end(), totals.exceptions.begin(), totals.exceptions.end());
  return values;
}

}  // namespace gate41::matrix
