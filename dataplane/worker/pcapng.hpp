// pcapng: writes blocks of the pcapng format (draft-ietf-opsawg-pcapng) into memory: one section header, a
// block for each interface, then enhanced packet blocks with direction and comment. Numbers stand in the
// machine's byte order, which the section header tells the reader. Timestamps are nanoseconds since 1970
// (UTC).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace gate41::pcapng {

enum class LinkType : uint16_t { ethernet = 1, ipv6 = 229 };  // LINKTYPE_ values

// Bits 0 and 1 of the option epb_flags.
enum class PacketDirection : uint32_t { unknown = 0, inbound = 1, outbound = 2 };

struct PacketRecord {
  uint32_t interface = 0;  // in the order in which the interfaces were written
  uint64_t nanoseconds = 0;
  std::span<const uint8_t> bytes;
  uint32_t original_length = 0;  // before a cut
  PacketDirection direction = PacketDirection::unknown;
  std::string_view comment;  // empty = none
};

class BlockWriter {
 public:
  void section_header(std::string_view application);
  void interface(std::string_view name, LinkType link_type);
  void packet(const PacketRecord& record);

  [[nodiscard]] std::span<const uint8_t> bytes() const noexcept { return bytes_; }
  void clear() noexcept { bytes_.clear(); }

 private:
  [[nodiscard]] std::size_t begin(uint32_t type);
  void end(std::size_t start);
  void option(uint16_t code, std::span<const uint8_t> value);
  void text_option(uint16_t code, std::string_view text);
  void end_of_options();
  void padded(std::span<const uint8_t> value);
  template <typename T>
  void number(T value);

  std::vector<uint8_t> bytes_;
};

}  // namespace gate41::pcapng
