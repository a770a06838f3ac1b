#include "control/dhcp/options.hpp"

namespace gate41::dhcp {
namespace {

constexpr std::size_t kMaxPiece = 255;

struct Piece {
  uint8_t code;
  Bytes value;
};

// The pieces of an area up to its end option. An area that just stops, without one, is common and harmless.
std::optional<std::vector<Piece>> pieces_of(Bytes area) {
  std::vector<Piece> pieces;
  Reader reader(area);
  while (reader.remaining() > 0) {
    const uint8_t code = reader.u8();
    if (code == option::kEnd) break;
    if (code == option::kPad) continue;
    const uint8_t length = reader.u8();
    const Bytes value = reader.bytes(length);
    if (reader.failed()) return std::nullopt;
    pieces.push_back({code, value});
  }
  return pieces;
}

}  // namespace

bool Options::add(Bytes area) {
  const auto pieces = pieces_of(area);
  if (!pieces) return false;
  for (const auto& [code, value] : *pieces) {
    auto& joined = values_[code];
    joined.insert(joined.end(), value.begin(), value.end());
    raw_.push_back(code);
    raw_.push_back(static_cast<uint8_t>(value.size()));
    raw_.insert(raw_.end(), value.begin(), value.end());
  }
  return true;
}

std::optional<Bytes> Options::find(uint8_t code) const {
  const auto found = values_.find(code);
  if (found == values_.end()) return std::nullopt;
  return Bytes(found->second);
}

std::optional<uint16_t> Options::u16(uint8_t code) const {
  const auto value = fixed<Be16>(code);
  if (!value) return std::nullopt;
  return value->host();
}

std::optional<uint32_t> Options::u32(uint8_t code) const {
  const auto value = fixed<Be32>(code);
  if (!value) return std::nullopt;
  return value->host();
}

std::vector<Ipv4Address> Options::addresses(uint8_t code) const {
  std::vector<Ipv4Address> result;
  const auto value = find(code);
  if (!value || value->size() % sizeof(Ipv4Address) != 0) return result;
  Reader reader(*value);
  while (reader.remaining() > 0) {
    const auto address = reader.read<Ipv4Address>();
    if (!address.is_unspecified()) result.push_back(address);
  }
  return result;
}

void write_option(Writer& writer, uint8_t code, Bytes value) {
  do {
    const Bytes piece = value.first(std::min(value.size(), kMaxPiece));
    writer.u8(code);
    writer.u8(static_cast<uint8_t>(piece.size()));
    writer.bytes(piece);
    value = value.subspan(piece.size());
  } while (!value.empty());
}

}  // namespace gate41::dhcp
