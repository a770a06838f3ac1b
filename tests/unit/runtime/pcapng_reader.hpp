// Reads pcapng back, by the format's description alone: what the writer under test must have written.
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace gate41::testing {

class PcapngReader {
 public:
  struct Interface {
    std::string name;
    uint16_t link_type = 0;
    uint8_t timestamp_resolution = 6;  // microseconds, unless an option says otherwise
  };
  struct Packet {
    uint32_t interface = 0;
    uint64_t timestamp = 0;
    std::vector<uint8_t> bytes;
    uint32_t original_length = 0;
    uint32_t flags = 0;
    std::optional<std::string> comment;
  };

  // Throws where the file breaks the format.
  explicit PcapngReader(std::span<const uint8_t> file) {
    while (!file.empty()) {
      const uint32_t length = number<uint32_t>(file, 4);
      if (length % 4 != 0 || length < 12) throw std::runtime_error("block length");
      const auto block = cut(file, length);
      if (number<uint32_t>(block, length - 4) != length)
        throw std::runtime_error("the two block lengths differ");
      read_block(number<uint32_t>(block, 0), block.subspan(8, length - 12));
    }
  }

  std::vector<Interface> interfaces;
  std::vector<Packet> packets;
  unsigned sections = 0;
  std::string application;

 private:
  using Bytes = std::span<const uint8_t>;

  template <typename T>
  static T number(Bytes bytes, std::size_t at) {
    if (at + sizeof(T) > bytes.size()) throw std::runtime_error("cut off");
    T value{};
    std::memcpy(&value, bytes.data() + at, sizeof value);
    return value;
  }
  static Bytes cut(Bytes& bytes, std::size_t length) {
    if (length > bytes.size()) throw std::runtime_error("cut off");
    const Bytes front = bytes.first(length);
    bytes = bytes.subspan(length);
    return front;
  }
  static std::size_t padded(std::size_t length) { return (length + 3) / 4 * 4; }

  // Calls for each option up to opt_endofopt, which must stand there.
  template <typename OnOption>
  static void read_options(Bytes options, OnOption&& on_option) {
    for (;;) {
      const auto code = number<uint16_t>(options, 0);
      const auto length = number<uint16_t>(options, 2);
      options = options.subspan(4);
      if (code == 0) break;
      on_option(code, cut(options, padded(length)).first(length));
    }
    if (!options.empty()) throw std::runtime_error("something after the end of options");
  }
  static std::string text(Bytes bytes) { return {bytes.begin(), bytes.end()}; }

  void read_block(uint32_t type, Bytes body) {
    if (type == 0x0A0D0D0A) return read_section(body);
    if (sections == 0) throw std::runtime_error("no section header first");
    if (type == 1) return read_interface(body);
    if (type == 6) return read_packet(body);
    throw std::runtime_error("unexpected block");
  }
  void read_section(Bytes body) {
    if (number<uint32_t>(body, 0) != 0x1A2B3C4D) throw std::runtime_error("byte order");
    if (number<uint16_t>(body, 4) != 1 || number<uint16_t>(body, 6) != 0) throw std::runtime_error("version");
    ++sections;
    read_options(body.subspan(16), [&](uint16_t code, Bytes value) {
      if (code == 4) application = text(value);
    });
  }
  void read_interface(Bytes body) {
    Interface one;
    one.link_type = number<uint16_t>(body, 0);
    read_options(body.subspan(8), [&](uint16_t code, Bytes value) {
      if (code == 2) one.name = text(value);
      if (code == 9) one.timestamp_resolution = number<uint8_t>(value, 0);
    });
    interfaces.push_back(one);
  }
  void read_packet(Bytes body) {
    Packet one;
    one.interface = number<uint32_t>(body, 0);
    if (one.interface >= interfaces.size()) throw std::runtime_error("interface not described");
    one.timestamp = uint64_t{number<uint32_t>(body, 4)} << 32U | number<uint32_t>(body, 8);
    const auto captured = number<uint32_t>(body, 12);
    one.original_length = number<uint32_t>(body, 16);
    body = body.subspan(20);
    const Bytes data = cut(body, padded(captured)).first(captured);
    one.bytes.assign(data.begin(), data.end());
    read_options(body, [&](uint16_t code, Bytes value) {
      if (code == 1) one.comment = text(value);
      if (code == 2) one.flags = number<uint32_t>(value, 0);
    });
    packets.push_back(one);
  }
};

}  // namespace gate41::testing
