#include "dataplane/worker/pcapng.hpp"

#include <algorithm>
#include <cstring>

namespace gate41::pcapng {
namespace {

constexpr uint32_t kSectionHeader = 0x0A0D0D0A;
constexpr uint32_t kInterfaceDescription = 1;
constexpr uint32_t kEnhancedPacket = 6;
constexpr uint32_t kByteOrderMagic = 0x1A2B3C4D;
constexpr uint64_t kLengthUnknown = ~uint64_t{0};
constexpr uint32_t kNoSnapLength = 0;

constexpr uint16_t kComment = 1;              // any block
constexpr uint16_t kUserApplication = 4;      // section header
constexpr uint16_t kInterfaceName = 2;        // interface description
constexpr uint16_t kTimestampResolution = 9;  // interface description: a power of ten
constexpr uint16_t kPacketFlags = 2;          // enhanced packet
constexpr uint8_t kNanoseconds = 9;

constexpr std::size_t kMaxOption = 0xffff;

std::span<const uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), std::min(text.size(), kMaxOption)};
}

}  // namespace

template <typename T>
void BlockWriter::number(T value) {
  const std::size_t at = bytes_.size();
  bytes_.resize(at + sizeof value);
  std::memcpy(bytes_.data() + at, &value, sizeof value);
}

// A block: type, length, body, length again; the length is known at its end.
std::size_t BlockWriter::begin(uint32_t type) {
  const std::size_t start = bytes_.size();
  number(type);
  number(uint32_t{0});
  return start;
}

void BlockWriter::end(std::size_t start) {
  const auto length = static_cast<uint32_t>(bytes_.size() - start + sizeof(uint32_t));
  number(length);
  std::memcpy(bytes_.data() + start + sizeof(uint32_t), &length, sizeof length);
}

void BlockWriter::padded(std::span<const uint8_t> value) {
  bytes_.insert(bytes_.end(), value.begin(), value.end());
  bytes_.insert(bytes_.end(), (4 - value.size() % 4) % 4, uint8_t{0});
}

void BlockWriter::option(uint16_t code, std::span<const uint8_t> value) {
  number(code);
  number(static_cast<uint16_t>(value.size()));
  padded(value);
}

void BlockWriter::text_option(uint16_t code, std::string_view text) {
  if (!text.empty()) option(code, bytes_of(text));
}

void BlockWriter::end_of_options() { number(uint32_t{0}); }

void BlockWriter::section_header(std::string_view application) {
  const std::size_t start = begin(kSectionHeader);
  number(kByteOrderMagic);
  number(uint16_t{1});  // version 1.0
  number(uint16_t{0});
  number(kLengthUnknown);
  text_option(kUserApplication, application);
  end_of_options();
  end(start);
}

void BlockWriter::interface(std::string_view name, LinkType link_type) {
  const std::size_t start = begin(kInterfaceDescription);
  number(static_cast<uint16_t>(link_type));
  number(uint16_t{0});  // reserved
  number(kNoSnapLength);
  text_option(kInterfaceName, name);
  option(kTimestampResolution, {&kNanoseconds, 1});
  end_of_options();
  end(start);
}

void BlockWriter::packet(const PacketRecord& record) {
  const std::size_t start = begin(kEnhancedPacket);
  number(record.interface);
  number(static_cast<uint32_t>(record.nanoseconds >> 32U));
  number(static_cast<uint32_t>(record.nanoseconds));
  number(static_cast<uint32_t>(record.bytes.size()));
  number(record.original_length);
  padded(record.bytes);
  text_option(kComment, record.comment);
  number(kPacketFlags);
  number(uint16_t{sizeof(uint32_t)});
  number(static_cast<uint32_t>(record.direction));
  end_of_options();
  end(start);
}

}  // namespace gate41::pcapng
