#include "control/dhcp/message.hpp"

#include <array>

namespace gate41::dhcp {
namespace {

constexpr uint8_t kBootRequest = 1;
constexpr uint8_t kBootReply = 2;
constexpr uint8_t kEthernet = 1;
constexpr uint8_t kMacLength = 6;
constexpr std::size_t kHardwareAddressPadding = 10;
constexpr std::size_t kServerNameSize = 64;
constexpr std::size_t kFileSize = 128;
constexpr uint32_t kMagicCookie = 0x63825363;
constexpr uint16_t kBroadcastFlag = 0x8000;
constexpr std::size_t kMinimumSize = 300;
constexpr std::size_t kBufferSize = 1472;   // what an Ethernet frame carries
constexpr uint16_t kMaxMessageSize = 1500;  // option 57, IP header included; one frame, no fragments
constexpr uint8_t kOverloadFile = 1;        // option 52: bits
constexpr uint8_t kOverloadServerName = 2;

// Classless routes stand before the router (RFC 3442). IPv6-only preferred (108) is never asked for: gate41
// works over IPv4 (RFC 8925).
constexpr std::array kWantedOptions = {
    option::kSubnetMask,       option::kClasslessRoutes,
    option::kRouter,           option::kDns,
    option::kDomainName,       option::kMtu,
    option::kBroadcastAddress, option::kLeaseTime,
    option::kServerId,         option::kRenewalTime,
    option::kRebindingTime,
};

template <typename T>
void write_value(Writer& writer, uint8_t code, const T& value) {
  writer.u8(code);
  writer.u8(sizeof(T));
  writer.write(value);
}

void write_header(Writer& writer, const ClientMessage& message) {
  writer.u8(kBootRequest);
  writer.u8(kEthernet);
  writer.u8(kMacLength);
  writer.u8(0);  // hops
  writer.u32(message.xid);
  writer.u16(message.seconds);
  writer.u16(message.broadcast ? kBroadcastFlag : 0);
  writer.write(message.client_address);
  writer.zeros(3 * sizeof(Ipv4Address));  // yiaddr, siaddr, giaddr
  writer.write(message.mac);
  writer.zeros(kHardwareAddressPadding + kServerNameSize + kFileSize);
  writer.u32(kMagicCookie);
}

// Only a message that asks for parameters names them.
void write_wishes(Writer& writer, const ClientMessage& message) {
  write_value(writer, option::kMaxMessageSize, Be16(kMaxMessageSize));
  std::vector<uint8_t> wanted(kWantedOptions.begin(), kWantedOptions.end());
  if (message.six_rd) wanted.push_back(option::k6rd);
  if (message.time_servers) wanted.push_back(option::kTimeServers);
  write_option(writer, option::kParameterRequest, wanted);
  if (message.host_name.empty()) return;
  const std::vector<uint8_t> name(message.host_name.begin(), message.host_name.end());
  write_option(writer, option::kHostName, name);
}

void write_options(Writer& writer, const ClientMessage& message) {
  write_value(writer, option::kMessageType, message.type);
  if (!message.client_id.empty()) write_option(writer, option::kClientId, message.client_id);
  if (message.requested) write_value(writer, option::kRequestedAddress, *message.requested);
  if (message.server) write_value(writer, option::kServerId, *message.server);
  if (message.type == MessageType::discover || message.type == MessageType::request)
    write_wishes(writer, message);
  writer.u8(option::kEnd);
}

// The options field, then the overloaded ones in the order of RFC 2131 §4.1.
bool read_options(Options& options, Bytes field, Bytes file, Bytes server_name) {
  if (!options.add(field)) return false;
  const uint8_t overload = options.u8(option::kOverload).value_or(0);
  if ((overload & kOverloadFile) != 0 && !options.add(file)) return false;
  return (overload & kOverloadServerName) == 0 || options.add(server_name);
}

std::optional<MessageType> reply_type(const Options& options) {
  const auto type = static_cast<MessageType>(options.u8(option::kMessageType).value_or(0));
  const bool of_server = type == MessageType::offer || type == MessageType::ack || type == MessageType::nak;
  return of_server ? std::optional(type) : std::nullopt;
}

}  // namespace

bool is_assignable(Ipv4Address address) {
  const uint32_t first_byte = address.host() >> 24U;
  return first_byte != 0 && first_byte != 127 && first_byte < 224;
}

std::vector<uint8_t> encode(const ClientMessage& message) {
  std::vector<uint8_t> buffer(kBufferSize);
  Writer writer(buffer);
  write_header(writer, message);
  write_options(writer, message);
  buffer.resize(std::max(writer.size(), kMinimumSize));
  return buffer;
}

std::optional<Reply> decode_reply(Bytes payload) {
  Reader reader(payload);
  const bool is_reply = reader.u8() == kBootReply && reader.u8() == kEthernet && reader.u8() == kMacLength;
  if (!is_reply) return std::nullopt;
  Reply reply;
  reader.skip(1);  // hops
  reply.xid = reader.u32();
  reader.skip(2 + 2 + sizeof(Ipv4Address));  // secs, flags, ciaddr
  reply.your_address = reader.read<Ipv4Address>();
  reader.skip(2 * sizeof(Ipv4Address));  // siaddr, giaddr
  reply.mac = reader.read<MacAddress>();
  reader.skip(kHardwareAddressPadding);
  const Bytes server_name = reader.bytes(kServerNameSize);
  const Bytes file = reader.bytes(kFileSize);
  if (reader.u32() != kMagicCookie || !read_options(reply.options, reader.rest(), file, server_name)) {
    return std::nullopt;
  }
  const auto type = reply_type(reply.options);
  const auto server = reply.options.address(option::kServerId);
  if (!type || !server || !is_assignable(*server)) return std::nullopt;
  reply.type = *type;
  reply.server = *server;
  return reply;
}

}  // namespace gate41::dhcp
