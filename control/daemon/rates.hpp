// Rates: packets and bits a second of each link, from the counters' difference over the last second or so.
// Control thread only.
#pragma once

#include <vector>

#include "dataplane/base/clock.hpp"
#include "dataplane/worker/counters.hpp"

namespace gate41 {

class Rates {
 public:
  struct Link {
    double rx_pps = 0, tx_pps = 0, rx_bps = 0, tx_bps = 0;
  };

  void sample(const CounterTotals& totals, std::size_t links, TimePoint now) {
    const double seconds = std::chrono::duration<double>(now - last_time_).count();
    if (last_time_ != TimePoint{} && seconds < 0.5) return;
    links_.resize(links);
    for (std::size_t i = 0; i < links && last_time_ != TimePoint{}; ++i) {
      const CounterTotals::Link& is = totals.links.at(i);
      const CounterTotals::Link& was = last_.links.at(i);
      const auto rate = [&](uint64_t a, uint64_t b) { return static_cast<double>(a - b) / seconds; };
      links_[i] = {rate(is.rx_packets, was.rx_packets), rate(is.tx_packets, was.tx_packets),
                   rate(is.rx_bytes, was.rx_bytes) * 8, rate(is.tx_bytes, was.tx_bytes) * 8};
    }
    last_ = totals;
    last_time_ = now;
  }
  [[nodiscard]] const std::vector<Link>& links() const { return links_; }

 private:
  CounterTotals last_;
  TimePoint last_time_{};
  std::vector<Link> links_;
};

}  // namespace gate41
