// The configuration as typed values: what the loader returns and everything else reads. Immutable once
// loaded. Every key is described once, in config/keys/, from which the loader's checks and
// config/README.md come.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "dataplane/net/address.hpp"

namespace gate41::config {

using Seconds = std::chrono::seconds;
using Milliseconds = std::chrono::milliseconds;

enum class Role : uint8_t { gateway, relay };
// automatic: 6rd when DHCP option 212 arrives, else 6to4.
enum class TunnelMode : uint8_t { automatic, six_to_four, six_rd, six_in_four };
enum class Profile : uint8_t { strict, simple_security, transparent };
// What an own choice may leave to the profile.
enum class ByProfile : uint8_t { automatic, yes, no };
enum class HostProtocol : uint8_t { bgp, bfd };
enum class RxMode : uint8_t { polling, adaptive };
enum class MemoryProfile : uint8_t { automatic, small, normal };

// ports.NAME
struct Port {
  std::string device;  // PCI address or DPDK vdev with its arguments
  uint16_t vlan = 0;   // 0 = untagged
};

struct StaticIpv4 {
  Ipv4Prefix subnet;  // network of the address
  Ipv4Address address;
  std::optional<Ipv4Address> gateway;
  std::vector<Ipv4Address> dns;
};

struct ExternalAddress {
  enum class Source : uint8_t { interface, http };
  std::vector<Source> from{Source::interface, Source::http};  // in order
  std::optional<Ipv4Address> literal;                         // instead of `from`
  std::vector<std::string> urls;
  unsigned agree = 2;
  Seconds period{std::chrono::minutes(10)};
  bool behind_nat_allowed = true;
};

struct Wan {
  std::string port;
  std::optional<StaticIpv4> static_ipv4;  // empty = DHCP
  bool acd_strict = false;
  std::string dhcp_client_id = "auto";  // auto | hex string
  bool dhcp_release = false;
  bool dhcp_broadcast = false;          // false: only after unanswered tries (M6)
  bool dhcp_option_212 = true;          // ask for the 6rd option and read it (E7)
  bool dhcp_option_42 = false;          // ask for time servers and set the machine's clock by them
  std::optional<MacAddress> alias_mac;  // what a bridge rewrites ours to (N7)
  ExternalAddress external;
};

// tunnels.NAME.6rd (RFC 5969 §7)
struct SixRd {
  Ipv6Prefix prefix = kEveryIpv6;
  uint8_t ipv4_mask_len = 0;
  bool hub_and_spoke = false;  // P32
};

// tunnels.NAME.6in4 (RFC 4213 §3)
struct SixInFour {
  Ipv4Address remote;
  Ipv6Address address;  // own, on the tunnel
  uint8_t length = 64;
  std::optional<Ipv6Address> peer;  // the other end's address on the tunnel
  Ipv6Prefix prefix = kEveryIpv6;   // delegated to this site
  std::vector<Ipv6Prefix> routes;   // destinations of this tunnel
};

// tunnels.NAME.broker: who is told our IPv4 address, so that a 6in4 tunnel ends here.
struct Broker {
  std::string url;          // https
  std::string host;         // the tunnel's name or number there
  std::string credentials;  // file
  std::string ca;           // PEM file; empty = the system's authorities
  Seconds period{std::chrono::hours(24)};
  enum class SendAddress : uint8_t { automatic, yes, no } send_address = SendAddress::automatic;  // U2
};

// tunnels.NAME.keepalive: what holds a firewall or NAT in front open (S26).
struct Keepalive {
  Seconds interval{30};
  std::vector<Ipv4Address> targets;  // empty = relays, border relays, or the peer
};

struct Tunnel {
  std::string name;
  TunnelMode mode = TunnelMode::six_to_four;
  std::optional<SixRd> six_rd;
  std::optional<SixInFour> six_in_four;
  std::vector<Ipv4Address> relays;
  uint16_t mtu = 1280;     // 1280..1480
  bool mtu_auto = false;   // as each path allows (X1); `mtu` is not looked at
  bool mss_clamp = false;  // Q15
  Milliseconds probe_interval{10000};
  unsigned probe_misses = 3;
  bool accept_relays_only = false;  // X26
  bool dscp_by_mode = true;         // copied with 6rd, else 0 (X15)
  bool dscp_copy = false;
  uint8_t dscp = 0;
  bool ecn_compatibility = false;
  std::optional<Broker> broker;        // mode 6in4 only
  std::optional<Keepalive> keepalive;  // role gateway only
};

struct Lan {
  std::string name;
  std::string port;
  uint16_t subnet_id = 1;
  std::vector<std::string> tunnels;  // a /64 of each of their prefixes; empty = of all
  enum class Preference : uint8_t { low, medium, high } preference = Preference::low;
  std::vector<Ipv6Address> rdnss;
  std::vector<std::string> dnssl;
  enum class WhenOthers : uint8_t { hold, send } when_others = WhenOthers::hold;
  bool default_route = true;
  enum class LladdrSource : uint8_t { option, ethernet, automatic } lladdr_source = LladdrSource::automatic;
};

// filter.inbound[]: who may open a flow from the tunnel.
struct Pinhole {
  uint8_t protocol = 0;  // ip_proto; ICMPv6 = echo requests
  std::string lan;
  uint64_t interface_id = 0;           // host order; the prefix follows the LAN's; 0: by `address`
  std::optional<Ipv6Address> address;  // the whole one
  uint16_t port_first = 0;             // 0..0 where the protocol has no ports
  uint16_t port_last = 0;
  Ipv6Prefix from = kEveryIpv6;  // who may
  bool operator==(const Pinhole&) const = default;
};

// Automatic: as the profile says.
enum class Mapping : uint8_t { automatic, address_dependent, endpoint_independent };

// filter.timeouts: idle times that end a flow (K51).
struct FilterTimeouts {
  Seconds tcp_established{7440};
  Seconds tcp_transitory{240};
  Seconds udp{300};
  Seconds udp_well_known{120};
  Seconds icmpv6_echo{60};
  Seconds generic{300};
  Seconds sctp_established{7440};
  Seconds sctp_transitory{240};
  Seconds dccp_established{7440};
  Seconds dccp_transitory{480};
};
// A row of them each; `least`: what RFC 6092 asks for (ICMPv6 echo: RFC 5508 REQ-2; 0: nothing).
struct FilterTimeout {
  std::string_view name;
  Seconds FilterTimeouts::*value;
  Seconds least;
};
inline constexpr std::array kFilterTimeouts{
    FilterTimeout{"tcp_established", &FilterTimeouts::tcp_established, Seconds(7440)},  // REC-35
    FilterTimeout{"tcp_transitory", &FilterTimeouts::tcp_transitory, Seconds(240)},
    FilterTimeout{"udp", &FilterTimeouts::udp, Seconds(120)},                      // REC-14
    FilterTimeout{"udp_well_known", &FilterTimeouts::udp_well_known, Seconds(0)},  // REC-15
    FilterTimeout{"icmpv6_echo", &FilterTimeouts::icmpv6_echo, Seconds(60)},
    FilterTimeout{"generic", &FilterTimeouts::generic, Seconds(120)},                     // REC-12
    FilterTimeout{"sctp_established", &FilterTimeouts::sctp_established, Seconds(7440)},  // REC-40
    FilterTimeout{"sctp_transitory", &FilterTimeouts::sctp_transitory, Seconds(240)},
    FilterTimeout{"dccp_established", &FilterTimeouts::dccp_established, Seconds(7440)},  // REC-44
    FilterTimeout{"dccp_transitory", &FilterTimeouts::dccp_transitory, Seconds(480)},
};

struct Filter {
  Profile profile = Profile::strict;
  uint32_t max_flows = 0;   // 0 = auto
  uint32_t host_flows = 0;  // 0 = auto
  ByProfile allow_echo = ByProfile::automatic;
  Mapping mapping = Mapping::automatic;
  FilterTimeouts timeouts;
  std::vector<Pinhole> inbound;
};

struct RelayRole {
  std::optional<Ipv4Address> anycast;
  std::optional<Ipv4Address> unicast;  // default: the WAN address
  std::string native_port;
  Ipv6Address native_address;
  uint8_t native_length = 64;
  Ipv6Address native_gateway;
  std::vector<Ipv4Prefix> sites;  // empty = any
  uint32_t site_rate = 0;         // Mbit/s that one site may send; 0 = any (C28)
  Milliseconds site_burst{100};   // what that rate brings in this time may come at once
  uint32_t max_routes = 32768;    // taken from the kernel at most
};

struct OnStop {
  bool deprecate = false;  // X25
  unsigned final_ras = 1;
};

struct Config {
  std::string text;  // that it was read from
  Role role = Role::gateway;
  std::string instance = "gate41";
  bool ports_auto = false;  // `ports` are to be found (found_ports.hpp)
  std::map<std::string, Port> ports;
  Wan wan;
  std::vector<Tunnel> tunnels;  // 6in4 first, 6to4 last (C24), else in file order
  std::vector<Lan> lans;
  Filter filter;
  std::optional<RelayRole> relay;     // role relay only
  std::string host_netns = "gate41";  // "none" = where the daemon runs
  std::vector<HostProtocol> host_accept;
  RxMode rx_mode = RxMode::adaptive;
  std::vector<unsigned> worker_cores;  // empty = auto
  MemoryProfile memory_profile = MemoryProfile::automatic;
  std::optional<uint64_t> eal_memory;  // bytes; empty = auto
  bool eal_hugepages = true;
  bool eal_hugepages_auto = true;  // plain memory will do where there are no huge pages
  std::vector<std::string> eal_args;
  OnStop on_stop;
  std::vector<Ipv4Prefix> lab_allow_v4;  // lab_allow_prefixes (X11)
  std::vector<Ipv6Prefix> lab_allow_v6;
  std::string state_dir = "/var/lib/gate41";
  std::string socket = "/run/gate41/gate41.sock";
  std::string socket_group = "gate41";
  std::optional<Ipv4Address> syslog;  // log.syslog: a server that gets the log too
};

}  // namespace gate41::config
