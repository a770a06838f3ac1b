// DHCPv4 client engine (RFC 2131, options RFC 2132 and 3442). Sans-I/O: it takes UDP payloads and time, and returns
// messages to send, lease events and the next deadline. Owns no socket, thread or clock; control thread only.
// Rows M1..M21, M24; ACD's verdict comes in by on_conflict().
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "dataplane/base/clock.hpp"
#include "dataplane/net/address.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41::dhcp {

struct Route {
  Ipv4Prefix destination;
  Ipv4Address gateway;  // 0.0.0.0 = on-link (RFC 3442)
};

// What an ACK gave. Times are absolute; TimePoint::max() = infinite.
struct Lease {
  Ipv4Address address;
  uint8_t prefix_length = 24;
  std::optional<Ipv4Address> router;  // from 121's default route if there is one, else 3 (M17)
  std::vector<Route> routes;          // option 121 without the default route
  std::vector<Ipv4Address> dns;
  std::optional<uint16_t> mtu;  // option 26, >= 576
  Ipv4Address server;           // option 54
  TimePoint obtained;
  TimePoint renew_at;   // T1
  TimePoint rebind_at;  // T2
  TimePoint expires;
  std::vector<uint8_t> options;  // raw options as received, for `gate41 dhcp` and later for 212
};

// A lease kept on disk for INIT-REBOOT (M14): wall-clock expiry, seconds since 1970, or 0 for infinite.
struct StoredLease {
  Ipv4Address address;
  Ipv4Address server;
  int64_t expires_at = 0;
};

enum class State : uint8_t { stopped, init, selecting, requesting, init_reboot, bound, renewing, rebinding };

struct Settings {
  MacAddress mac;
  std::vector<uint8_t> client_id;  // option 61 content, type byte included
  std::string host_name;           // option 12; empty = not sent
};

// ---- outputs, in the order they happened ----
// A DHCP message: the caller adds UDP 68 -> 67, IPv4 and Ethernet. `destination` is 255.255.255.255 or the server;
// `source` is 0.0.0.0 or the leased address.
struct SendMessage {
  std::vector<uint8_t> payload;
  Ipv4Address source;
  Ipv4Address destination;
};
struct LeaseGained { Lease lease; };   // first binding, or an address other than before
struct LeaseUpdated { Lease lease; };  // the same address confirmed: new times, perhaps new options
struct LeaseLost { std::string reason; };
using Output = std::variant<SendMessage, LeaseGained, LeaseUpdated, LeaseLost>;

class Client {
 public:
  Client(Settings settings, uint64_t seed);

  // `stored`: tried by INIT-REBOOT first.
  void start(TimePoint now, std::optional<StoredLease> stored);
  void stop(TimePoint now, bool release);
  // The UDP payload of a packet to port 68 whose UDP checksum is verified.
  void on_packet(Bytes payload, TimePoint now);
  void on_timer(TimePoint now);
  // ACD found the offered or leased address in use: DECLINE, wait 10 s, INIT (M11).
  void on_conflict(TimePoint now);
  // The VM was paused or the link came back: confirm the lease at once (M21).
  void on_resume(TimePoint now);

  [[nodiscard]] std::optional<TimePoint> next_deadline() const;
  [[nodiscard]] std::vector<Output> take_outputs();
  [[nodiscard]] State state() const;
  [[nodiscard]] const std::optional<Lease>& lease() const;
  // For a person: "waiting for a DHCP offer on wan (3 tries, next in 8 s)". `port` is the port's name.
  [[nodiscard]] std::string sentence(const std::string& port, TimePoint now) const;

 private:
  // (the implementer's)
};

[[nodiscard]] const char* name_of(State state);

}  // namespace gate41::dhcp
