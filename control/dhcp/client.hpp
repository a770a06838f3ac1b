// DHCPv4 client engine (RFC 2131, options RFC 2132, 3442 and 5969). Sans-I/O: it takes UDP payloads and time,
// and returns messages to send, lease events and the next deadline. Owns no socket, thread or clock; control
// thread only. Rows E3..E7, M1..M21, M24, M25; ACD's verdict comes in by on_conflict().
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <variant>
#include <vector>

#include "control/dhcp/lease.hpp"
#include "control/dhcp/message.hpp"
#include "control/dhcp/timing.hpp"
#include "dataplane/base/clock.hpp"
#include "dataplane/net/address.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41::dhcp {

enum class State : uint8_t { stopped, init, selecting, requesting, init_reboot, bound, renewing, rebinding };

struct Settings {
  MacAddress mac;
  std::vector<uint8_t> client_id;  // option 61 content, type byte included
  std::string host_name;           // option 12, up to 255 bytes; empty = not sent
  bool broadcast = false;          // ask for broadcast replies from the first try on (M6)
  bool six_rd = true;              // ask for option 212 and read it (E7)
  bool time_servers = false;       // ask for option 42
};
// What each message of such a client says.
[[nodiscard]] ClientMessage message_from(const Settings& client, MessageType type, uint32_t xid);

// ---- outputs, in the order they happened ----
// A DHCP message: the caller adds UDP 68 -> 67, IPv4 and Ethernet. `destination` is 255.255.255.255 or the
// server; `source` is 0.0.0.0 or the leased address.
struct SendMessage {
  std::vector<uint8_t> payload;
  Ipv4Address source;
  Ipv4Address destination;
};
struct LeaseGained {
  Lease lease;
};  // first binding, or an address other than before
struct LeaseUpdated {
  Lease lease;
};  // the same address confirmed: new times, perhaps new options
struct LeaseLost {
  std::string reason;
};
using Output = std::variant<SendMessage, LeaseGained, LeaseUpdated, LeaseLost>;

class Client {
 public:
  Client(Settings settings, uint64_t seed);

  // `stored`: tried by INIT-REBOOT first. The random delay of RFC 2131 §4.4.1 is left out: it is for
  // buildings full of machines that power up at once, and would double the boot time of a VM (M1).
  void start(TimePoint now, std::optional<StoredLease> stored);
  // Without `release` the server keeps the address for us and no event tells of it: a stored lease stays
  // good.
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
  // Entry functions of the states.
  void enter_init(TimePoint now, Duration wait);
  void enter_selecting(TimePoint now);
  void enter_requesting(const Reply& offer, TimePoint now);
  void enter_init_reboot(Ipv4Address address, TimePoint now);
  void enter_bound(TimePoint now);

  void ask_anew(State state, TimePoint now);
  void send_discover(TimePoint now);
  void send_request(TimePoint now);
  void send_renewal(TimePoint now);
  void send(const ClientMessage& message, Ipv4Address source, Ipv4Address destination);
  void await_answer(TimePoint now);
  [[nodiscard]] ClientMessage message_of(MessageType type) const;

  void keep_lease(TimePoint now);
  void give_up_request(TimePoint now);
  void lose_lease(std::string reason);
  [[nodiscard]] bool is_for_us(const Reply& reply) const;
  [[nodiscard]] bool is_from_asked_server(const Reply& reply) const;
  void on_offer(const Reply& offer, TimePoint now);
  void on_ack(const Reply& ack, TimePoint now);
  void on_nak(const Reply& nak, TimePoint now);
  [[nodiscard]] std::string state_text(const std::string& port, TimePoint now) const;
  [[nodiscard]] std::string tries_text(TimePoint now) const;

  Settings settings_;
  Random random_;
  State state_ = State::stopped;
  std::optional<Lease> lease_;
  std::vector<Output> outputs_;
  TimePoint deadline_ = TimePoint::max();  // max = none

  // The question that is open.
  uint32_t xid_ = 0;
  unsigned tries_ = 0;       // transmissions of it
  TimePoint asking_since_;   // first DISCOVER or REQUEST of this search; `secs` counts from it
  TimePoint requested_at_;   // first REQUEST with this xid: where the lease's times begin
  uint16_t seconds_ = 0;     // of the DISCOVER; its REQUEST repeats them (RFC 2131 §3.1)
  Ipv4Address wanted_;       // asked for in option 50; 0.0.0.0 = any
  Ipv4Address server_;       // whose offer was taken
  bool broadcast_ = false;   // unicast replies seem to get lost (M6)
  unsigned naks_ = 0;        // since the last lease
  std::string wait_reason_;  // why `init` waits
};

[[nodiscard]] const char* name_of(State state);

}  // namespace gate41::dhcp
