// DHCP messages on the wire (RFC 2131 §2): what the client sends, and the replies of servers that it may
// believe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "control/dhcp/options.hpp"
#include "dataplane/net/address.hpp"
#include "dataplane/net/cursor.hpp"

namespace gate41::dhcp {

// RFC 2132 §9.6
enum class MessageType : uint8_t {
  discover = 1,
  offer = 2,
  request = 3,
  decline = 4,
  ack = 5,
  nak = 6,
  release = 7,
};

// A message of the client. Which options go with it follows from the type (RFC 2131 §4.4.1, table 5).
struct ClientMessage {
  MessageType type = MessageType::discover;
  uint32_t xid = 0;
  uint16_t seconds = 0;  // since the client began to ask
  bool broadcast = false;
  Ipv4Address client_address;  // ciaddr: only an address that is in use
  MacAddress mac;
  std::optional<Ipv4Address> requested;  // option 50
  std::optional<Ipv4Address> server;     // option 54
  std::vector<uint8_t> client_id;        // option 61; empty = not sent
  std::string host_name;                 // option 12; empty = not sent
  bool six_rd = true;                    // wishes for option 212
  bool time_servers = false;             // and for option 42
};

// The UDP payload, at least 300 bytes: relay agents from BOOTP's time drop shorter ones (RFC 1542 §2.1).
[[nodiscard]] std::vector<uint8_t> encode(const ClientMessage& message);

// An OFFER, ACK or NAK.
struct Reply {
  MessageType type = MessageType::nak;
  uint32_t xid = 0;
  Ipv4Address your_address;  // yiaddr
  MacAddress mac;            // chaddr
  Ipv4Address server;        // option 54
  Options options;           // of the options field, then `file`, then `sname` (option 52)
};

// nullopt: not a well-formed reply. Whether it answers our question is the client's to say.
[[nodiscard]] std::optional<Reply> decode_reply(Bytes payload);

// An address that a host can have: not of 0/8, 127/8, multicast, class E or broadcast.
[[nodiscard]] bool is_assignable(Ipv4Address address);

}  // namespace gate41::dhcp
