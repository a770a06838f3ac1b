#include "tests/model/driver/segments.hpp"

namespace gate41::model {
namespace {

using Bytes = std::vector<uint8_t>;

void put16(Bytes& bytes, std::size_t value) {
  bytes.push_back(static_cast<uint8_t>(value >> 8U));
  bytes.push_back(static_cast<uint8_t>(value));
}
void put32(Bytes& bytes, uint32_t value) {
  put16(bytes, value >> 16U);
  put16(bytes, value & 0xffffU);
}

// --- SCTP (RFC 9260 §3)

constexpr std::size_t kChunkHeader = 4;

std::size_t length_of_chunk(uint8_t type) {
  switch (type) {
    case chunk::abort:
    case chunk::shutdown_ack:
    case chunk::cookie_ack:
    case chunk::shutdown_complete:
      return kChunkHeader;
    case chunk::shutdown:
    case chunk::error:
      return 8;
    case chunk::init:
    case chunk::init_ack:
    case chunk::data:
      return 20;
    default:
      return 16;
  }
}

// What its length field says.
std::size_t length_in(const SctpFields& packet, std::size_t real) {
  switch (packet.form) {
    case SctpFields::Form::short_chunk:
      return kChunkHeader - 1;
    case SctpFields::Form::cut:
      return real + 400;
    default:
      return real;
  }
}

// --- DCCP (RFC 4340 §5): what follows on the generic header.

std::size_t rest_of_header(const DccpFields& packet) {
  switch (packet.type) {
    case dccp_type::request:
      return 4;
    case dccp_type::response:
    case dccp_type::reset:
      return 12;
    case dccp_type::data:
      return 0;
    default:
      return packet.extended ? 8 : 4;
  }
}

}  // namespace

Bytes bytes_of(const SctpFields& packet, uint16_t source, uint16_t destination) {
  Bytes bytes;
  put16(bytes, source);
  put16(bytes, destination);
  put32(bytes, packet.tag);
  put32(bytes, 0);  // checksum
  if (packet.form == SctpFields::Form::no_chunk) return bytes;
  const std::size_t begin = bytes.size();
  const std::size_t length =
      packet.form == SctpFields::Form::bare ? kChunkHeader : length_of_chunk(packet.chunk);
  bytes.push_back(packet.chunk);
  bytes.push_back(packet.t ? 1 : 0);
  put16(bytes, length_in(packet, length));
  if (length >= 2 * kChunkHeader) put32(bytes, packet.initiate);
  bytes.resize(begin + length);
  if (!packet.second) return bytes;
  bytes.push_back(*packet.second);
  bytes.push_back(0);
  put16(bytes, 2 * kChunkHeader);
  put32(bytes, 0);
  return bytes;
}

Bytes bytes_of(const DccpFields& packet, uint16_t source, uint16_t destination) {
  constexpr std::size_t kData = 8;
  constexpr std::size_t kWord = 4;
  const std::size_t generic = packet.extended ? 16 : 12;
  const std::size_t header = generic + rest_of_header(packet);
  std::size_t words = header / kWord;
  if (packet.form == DccpFields::Form::low_offset) words = generic / kWord - 1;
  if (packet.form == DccpFields::Form::high_offset) words = (header + kData) / kWord + 1;
  Bytes bytes;
  put16(bytes, source);
  put16(bytes, destination);
  bytes.push_back(static_cast<uint8_t>(words));
  bytes.push_back(0);
  put16(bytes, 0);  // checksum
  bytes.push_back(static_cast<uint8_t>(packet.type << 1U | (packet.extended ? 1U : 0U)));
  bytes.resize(header + kData);
  return bytes;
}

}  // namespace gate41::model
