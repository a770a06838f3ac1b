#include "perf/generator/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <fmt/core.h>

namespace gate41::generator {
namespace {

constexpr double kFastest = 20e6;                 // packets a second that any port here carries
constexpr uint64_t kMostSequences = 1ULL << 32U;  // of a stamp

void declare_sides(CLI::App& app, Words& words) {
  app.add_option("--lan", words.lan, "DPDK device on the LAN side, where packets are bare IPv6");
  app.add_option("--wan", words.wan, "DPDK device on the WAN side, where they are in protocol 41");
  app.add_flag("--native", words.native,
               "bare IPv6 on the WAN side too: gateway and relay back to back between us");
  app.add_option("--lan-prefix", words.lan_prefix, "where the LAN's hosts are");
  app.add_option("--lan-hosts", words.lan_hosts, "how many; each has an address and a MAC")
      ->check(CLI::PositiveNumber);
  app.add_option("--lan-address", words.lan_address,
                 "ours, from which we ask for the device's MAC (a LAN host)");
  app.add_option("--lan-device", words.lan_device, "IPv6 address of the device under test on the LAN");
  app.add_option("--lan-device-mac", words.lan_device_mac, "its MAC, when it is not to be asked for");
  app.add_option("--wan-hosts", words.wan_hosts, "hosts on the WAN side")->check(CLI::PositiveNumber);
  app.add_option("--sites", words.sites, "IPv4 prefix in which each of them is a site of its own");
  app.add_option("--domain", words.domain, "IPv6 prefix of the sites' domain (2002::/16: 6to4)");
  app.add_option("--domain-v4", words.domain_v4, "what all IPv4 addresses of a 6rd domain have in common");
  app.add_option("--relay", words.relay, "or the IPv4 address of the relay, or peer, before them all");
  app.add_option("--wan-prefix", words.wan_prefix, "and the IPv6 prefix they are in");
  app.add_option("--wan-address", words.wan_address, "our address on the WAN (with --native: IPv6)");
  app.add_option("--wan-device", words.wan_device, "the device's address there");
  app.add_option("--wan-device-mac", words.wan_device_mac, "its MAC, when it is not to be asked for");
  app.add_option("--outer", words.outer, "IPv4 address of its end of the tunnel (--wan-device)");
}

void declare_traffic(CLI::App& app, Words& words) {
  app.add_option("--mode", words.mode, "who sends: lan, wan, both; echo: nobody, what comes is sent back")
      ->check(CLI::IsMember({"lan", "wan", "both", "echo"}));
  app.add_option("--rate", words.rate, "packets a second in each direction, or max");
  app.add_option("--then-rate", words.then_rate, "another rate ...")->check(CLI::NonNegativeNumber);
  app.add_option("--then-after", words.then_after, "... after so many seconds")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--seconds", words.seconds, "how long at most")->check(CLI::Range(0.0, 86400.0));
  app.add_option("--count", words.count, "packets in each direction at most");
  app.add_option("--flows", words.flows, "flows")->check(CLI::Range(uint64_t{1}, kMostFlows));
  app.add_option("--first-flow", words.first_flow,
                 "number of the first: others have other ports, between the same hosts");
  app.add_option("--order", words.order, "flows in turn, or drawn at random")
      ->check(CLI::IsMember({"turn", "random"}));
  app.add_option("--size", words.size,
                 "frame of the bare IPv6 packet with its check sequence: 84 to 1498, or imix");
  app.add_flag("--echo", words.echo, "what arrives is sent back; all figures are there and back");
  app.add_option("--open-rate", words.open_rate,
                 "before, the LAN opens each flow, so many a second, and the WAN answers")
      ->check(CLI::NonNegativeNumber);
  app.add_option("--open-passes", words.open_passes, "tries for those that were not answered")
      ->check(CLI::Range(1U, 100U));
  app.add_option("--ready", words.ready,
                 "seconds to wait until the device answers, and packets pass; 0: they need not")
      ->check(CLI::Range(0.0, 600.0));
  app.add_option("--drain", words.drain, "seconds to wait for the last packets")
      ->check(CLI::Range(0.0, 60.0));
  app.add_option("--catch-up", words.catch_up,
                 "milliseconds that may be made up for by a burst, when we were kept from sending")
      ->check(CLI::Range(0.1, 1000.0));
  app.add_option("--seed", words.seed, "of addresses and ports");
  app.add_option("--eal", words.eal, "arguments for DPDK in place of those about memory: --eal=--in-memory")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

// The value of an option in its type, or what is wrong.
template <typename T>
Result<T> parse(std::string_view option, const std::string& text) {
  if (const auto value = T::parse(text)) return *value;
  return fail(fmt::format("{}: `{}` is none", option, text));
}

// Fills `value` if there is a word; keeps the first error.
class Reading {
 public:
  template <typename T>
  void take(std::string_view option, const std::string& text, T& value) {
    if (text.empty()) return;
    if (Result<T> result = parse<T>(option, text)) {
      value = *result;
    } else {
      note(result.error().message);
    }
  }
  void need(bool given, std::string_view option, std::string_view why) {
    if (!given) note(fmt::format("{}: {}", option, why));
  }
  void note(std::string message) {
    if (!error_) error_ = Error{std::move(message)};
  }
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }

 private:
  std::optional<Error> error_;
};

std::optional<double> rate_of(const std::string& text) {
  if (text == "max") return 0;
  double rate = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), rate);
  const bool good =
      error == std::errc() && end == text.data() + text.size() && std::isfinite(rate) && rate > 0;
  return good ? std::optional(rate) : std::nullopt;
}

// A simple mix of the Internet's sizes: seven small, four middle, one large.
std::vector<uint16_t> sizes_of(const std::string& text) {
  if (text == "imix") return {84, 512, 84, 84, 512, 84, 1280, 84, 512, 84, 84, 512};
  uint16_t size = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), size);
  const bool good = error == std::errc() && end == text.data() + text.size() && size >= kSmallestFrame &&
                    size <= kLargestFrame;
  return good ? std::vector{size} : std::vector<uint16_t>{};
}

Mode mode_of(const std::string& text) {
  if (text == "lan") return Mode::lan;
  if (text == "wan") return Mode::wan;
  return text == "echo" ? Mode::echo : Mode::both;
}

void read_traffic(Reading& reading, const Words& words, Traffic& traffic) {
  traffic.mode = mode_of(words.mode);
  const std::optional<double> rate = rate_of(words.rate);
  reading.need(rate.has_value(), "--rate", "packets a second, or max");
  traffic.rate = rate.value_or(0);
  traffic.sizes = sizes_of(words.size);
  reading.need(!traffic.sizes.empty(), "--size", "84 to 1498, or imix");
  reading.need(words.then_rate == 0 || words.then_after > 0, "--then-after", "needed with --then-rate");
  traffic.then_rate = words.then_rate;
  traffic.then_after = words.then_after;
  traffic.seconds = words.seconds;
  traffic.count = words.count;
  traffic.flows = words.flows;
  traffic.first_flow = words.first_flow;
  reading.need(words.first_flow <= kMostFlows - words.flows, "--first-flow", "there are not so many flows");
  traffic.order = words.order == "turn" ? FlowOrder::turn : FlowOrder::random;
  traffic.echo = words.echo;
  traffic.open_rate = words.open_rate;
  traffic.open_passes = words.open_passes;
  traffic.ready = words.ready;
  traffic.drain = words.drain;
  traffic.catch_up = words.catch_up / 1000;
}

void read_lan(Reading& reading, const Words& words, Job& job) {
  SideSetup& lan = job.lan;
  lan.device = words.lan;
  reading.take("--lan-prefix", words.lan_prefix, job.space.lan_prefix);
  lan.around.hosts_v6 = {job.space.lan_prefix};
  lan.around.own_v6 = flow_of(job.space, 0).lan;
  reading.take("--lan-address", words.lan_address, lan.around.own_v6);
  reading.take("--lan-device", words.lan_device, lan.around.device_v6);
  reading.take("--lan-device-mac", words.lan_device_mac, lan.link.device);
  if (lan.device.empty()) return;
  reading.need(!words.lan_device.empty() || !words.lan_device_mac.empty(), "--lan-device",
               "needed with --lan");
}

void read_hosts_in_ipv4(Reading& reading, const Words& words, FlowSpace& space) {
  reading.take("--relay", words.relay, space.relay);
  reading.take("--sites", words.sites, space.site_block);
  reading.take("--domain", words.domain, space.domain.prefix);
  reading.take("--domain-v4", words.domain_v4, space.domain.sites);
  space.wan_is_sites = !words.sites.empty();
  reading.need(space.wan_is_sites == words.relay.empty(), "--relay", "this or --sites, one of them");
  reading.need(space.domain.delegated_length() <= 64, "--domain", "a site's prefix would be longer than /64");
  if (!space.wan_is_sites) return;
  const bool fits = space.wan_hosts <= (uint64_t{1} << (32U - space.site_block.length));
  reading.need(fits, "--wan-hosts", "more than --sites has addresses");
  const bool inside = space.domain.sites.length <= space.site_block.length &&
                      space.domain.sites.contains(space.site_block.address);
  reading.need(inside, "--sites", "not within --domain-v4");
}

void read_tunnel(Reading& reading, const Words& words, Job& job) {
  SideSetup& wan = job.wan;
  read_hosts_in_ipv4(reading, words, job.space);
  wan.link.tunnel = wan.around.tunnel = true;
  reading.take("--wan-address", words.wan_address, wan.around.own_v4);
  reading.take("--wan-device", words.wan_device, wan.around.device_v4);
  wan.link.device_v4 = wan.around.device_v4;
  reading.take("--outer", words.outer, wan.link.device_v4);
  wan.around.hosts_v4 = {job.space.wan_is_sites ? job.space.site_block : Ipv4Prefix::of(job.space.relay, 32)};
  reading.need(wan.device.empty() || !wan.link.device_v4.is_unspecified(), "--wan-device",
               "needed with --wan");
}

void read_wan(Reading& reading, const Words& words, Job& job) {
  SideSetup& wan = job.wan;
  wan.device = words.wan;
  reading.take("--wan-prefix", words.wan_prefix, job.space.wan_prefix);
  reading.need(!words.sites.empty() || !words.wan_prefix.empty(), "--wan-prefix", "needed, but with --sites");
  reading.take("--wan-device-mac", words.wan_device_mac, wan.link.device);
  if (!words.native) {
    const bool in_ipv4 = !words.sites.empty() || !words.relay.empty();
    if (in_ipv4 || !wan.device.empty()) read_tunnel(reading, words, job);
    return;
  }
  wan.around.hosts_v6 = {job.space.wan_prefix};
  wan.around.own_v6 = flow_of(job.space, 0).wan;
  reading.take("--wan-address", words.wan_address, wan.around.own_v6);
  reading.take("--wan-device", words.wan_device, wan.around.device_v6);
  const bool found = !words.wan_device.empty() || !words.wan_device_mac.empty();
  reading.need(wan.device.empty() || found, "--wan-device", "needed with --wan");
}

// What is sent where there is no port, and what cannot come back.
void check_ports(Reading& reading, const Job& job) {
  const bool lan = !job.lan.device.empty();
  const bool wan = !job.wan.device.empty();
  reading.need(lan || wan, "--lan", "this or --wan, or both");
  reading.need(lan || !job.traffic.sends(Side::lan), "--mode", "the LAN cannot send without --lan");
  reading.need(wan || !job.traffic.sends(Side::wan), "--mode", "the WAN cannot send without --wan");
  reading.need(job.traffic.open_rate == 0 || (lan && wan), "--open-rate", "needs --lan and --wan");
}

}  // namespace

void declare(CLI::App& app, Words& words) {
  app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  declare_sides(app, words);
  declare_traffic(app, words);
}

uint64_t Traffic::most() const noexcept {
  const double fastest = rate == 0 ? kFastest : std::max(rate, then_rate);
  const double in_time = std::ceil(fastest * seconds) + 1;
  const uint64_t timed =
      in_time >= static_cast<double>(kMostSequences) ? kMostSequences : static_cast<uint64_t>(in_time);
  return count == 0 ? timed : std::min(count, timed);
}

Result<Job> understand(const Words& words) {
  Job job;
  Reading reading;
  job.eal = words.eal;
  job.space.seed = words.seed;
  job.space.lan_hosts = words.lan_hosts;
  job.space.wan_hosts = words.wan_hosts;
  reading.need(!words.lan_prefix.empty(), "--lan-prefix", "needed");
  read_traffic(reading, words, job.traffic);
  read_lan(reading, words, job);
  read_wan(reading, words, job);
  check_ports(reading, job);
  if (reading.error()) return tl::unexpected(*reading.error());
  return job;
}

}  // namespace gate41::generator
