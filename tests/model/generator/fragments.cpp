// Packets in fragments (RFC 8200 §4.5), and what others make of that.
#include "tests/model/generator/world.hpp"

namespace gate41::model {
namespace {

constexpr uint16_t kFirst = 64;  // bytes of the first one: enough for every header
constexpr uint16_t kUnit = 8;
constexpr uint16_t kLastOffset = 65528;  // that the header has room for

}  // namespace

void World::put_fragmented(Packet packet, Direction direction) {
  Headers& headers = packet.headers;
  // Few, so that they meet.
  headers.fragment = has(Feature::fragments) ? static_cast<uint32_t>(below(6)) : ++fragmented_ + 100;
  if (packet.quote || chance(20)) {
    headers.part = Part::atomic;
    put(packet, direction);
    return;
  }
  if (has(Feature::fragments) && chance(60))
    put_wildly(packet, direction);
  else
    put_in_order(packet, direction);
}

void World::put_piece(const Packet& packet, uint16_t offset, uint16_t length, bool more,
                      Direction direction) {
  Packet piece = packet;
  Headers& headers = piece.headers;
  headers.part = offset == 0 ? Part::first : Part::later;
  headers.offset = offset;
  headers.length = length;
  headers.more = more;
  if (offset != 0) {
    piece.tcp = {};
    piece.sctp = {};
    piece.dccp = {};
  } else {
    piece.tcp.length = static_cast<uint16_t>(length - 20 - (piece.tcp.scale ? 4 : 0));
    if (piece.sctp.form != SctpFields::Form::short_chunk) piece.sctp.form = SctpFields::Form::cut;
    piece.sctp.second.reset();
    if (piece.dccp.form == DccpFields::Form::high_offset) piece.dccp.form = DccpFields::Form::good;
  }
  if (offset != 0 && chance(30))
    held_.push_back({piece, direction});
  else
    put(piece, direction);
}

// As a host makes them; some are lost.
void World::put_in_order(Packet packet, Direction direction) {
  const auto rest = static_cast<uint16_t>(kUnit * (1 + below(4)));
  const uint64_t pieces = 1 + below(3);
  if (has(Feature::fragments) && chance(10)) put_piece(packet, kFirst, rest, true, direction);  // too early
  if (chance(90)) put_piece(packet, 0, kFirst, true, direction);
  for (uint64_t i = 0; i < pieces; ++i)
    if (chance(90))
      put_piece(packet, static_cast<uint16_t>(kFirst + i * rest), rest, i + 1 != pieces, direction);
}

// Some end within a unit of eight bytes, are empty, or end past the longest packet.
uint16_t World::spoilt(uint16_t offset, uint16_t length) {
  if (chance(96)) return length;
  if (offset != 0 && chance(30)) return 0;
  return static_cast<uint16_t>(length + below(8));
}

// Pieces of few units: they overlap, are the same, leave gaps, end at different places.
void World::put_wildly(Packet packet, Direction direction) {
  for (uint64_t many = 1 + below(8); many != 0; --many) {
    const bool first = chance(25);
    auto offset = static_cast<uint16_t>(first ? 0 : kFirst + kUnit * (below(30) - 2));
    if (!first && chance(2)) offset = kLastOffset;
    const auto length = static_cast<uint16_t>(first ? kFirst + kUnit * below(2) : kUnit * (1 + below(4)));
    put_piece(packet, offset, spoilt(offset, length), first || chance(85), direction);
  }
}

}  // namespace gate41::model
