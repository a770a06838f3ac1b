// The parts of the parser, for parse*.cpp only. Each takes the packet at an offset and fills its fields of
// `out`.
#pragma once

#include <algorithm>

#include "dataplane/net/cursor.hpp"
#include "dataplane/net/parsed_packet.hpp"

namespace gate41::parse {

// What is being parsed. `end` is where the packet ends by the lengths read so far; `bytes` never goes beyond
// it, but may be shorter: in a quote, and when only the first buffer of a frame is at hand.
struct Input {
  Bytes bytes;
  std::size_t end = 0;
  bool quoted = false;  // from an ICMP error: lengths past the end are no fault

  [[nodiscard]] Reader at(std::size_t offset) const noexcept {
    Reader reader(bytes);
    reader.skip(offset);
    return reader;
  }
  // Cuts padding off, or learns how long the quoted packet was.
  void end_at(std::size_t new_end) noexcept {
    end = new_end;
    bytes = bytes.first(std::min(bytes.size(), new_end));
  }
};

// The IPv6 packet at `offset`: header, extension headers, upper layer.
ParseError parse_ipv6(Input input, std::size_t offset, ParsedPacket& out) noexcept;

// Walks the extension headers from `offset` on, sets the fragment fields, and `offset` and `next_header` to
// the upper layer's (`next_header` alone for a later fragment).
ParseError parse_extensions(const Input& input, std::size_t& offset, uint8_t& next_header,
                            Ipv6Fields& v6) noexcept;

struct UpperLayer {
  uint8_t protocol;
  uint8_t icmp_protocol;  // the ICMP that belongs to the IP version
  FragmentState fragment;
  ParseError cut_off;  // what it is called when the header does not fit into the packet
};

// The upper layer at `offset`.
ParseError parse_upper_layer(const Input& input, std::size_t offset, const UpperLayer& upper,
                             Layer4Fields& out) noexcept;

}  // namespace gate41::parse
