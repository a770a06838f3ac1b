#include "tests/model/reference/fragments.hpp"

#include <algorithm>

namespace gate41::model {
namespace {

constexpr uint16_t kUnit = 8;
constexpr uint32_t kLongest = 65535;  // bytes of a payload

uint32_t end_of(const Headers& headers) { return uint32_t{headers.offset} + headers.length; }

}  // namespace

Fragments::Key Fragments::key_of(const Headers& headers) {
  return {headers.source, headers.destination, headers.fragment};
}

std::optional<Verdict> Fragments::judge(const Headers& headers, Time now) {
  // RFC 8200 §4.5: what a host would discard.
  if (headers.length == 0 || (headers.more && headers.length % kUnit != 0))
    return Verdict::fragment_malformed;
  if (end_of(headers) > kLongest) return Verdict::fragment_too_long;
  const auto found = datagrams_.find(key_of(headers));
  if (found == datagrams_.end() || now >= found->second.until) {
    if (found != datagrams_.end()) datagrams_.erase(found);
    return headers.part == Part::first ? std::nullopt : std::optional(Verdict::filter_fragment);
  }
  Datagram& datagram = found->second;
  const uint32_t begin = headers.offset;
  const uint32_t end = end_of(headers);
  if (datagram.condemned || contradicts(datagram, headers)) {
    datagram.condemned = true;
    return Verdict::fragment_overlap;
  }
  const auto& pieces = datagram.pieces;
  const auto holds = [&](const Piece& piece) { return piece.begin <= begin && end <= piece.end; };
  if (std::ranges::any_of(pieces, holds)) return Verdict::fragment_duplicate;
  const auto overlaps = [&](const Piece& piece) { return piece.begin < end && begin < piece.end; };
  if (std::ranges::any_of(pieces, overlaps)) {
    datagram.condemned = true;
    return Verdict::fragment_overlap;
  }
  const auto touches = [&](const Piece& piece) { return piece.end == begin || piece.begin == end; };
  const bool apart = std::ranges::none_of(pieces, touches);
  return apart && pieces.size() == kPieces ? std::optional(Verdict::filter_fragment) : std::nullopt;
}

// All must agree where the datagram ends.
bool Fragments::contradicts(const Datagram& datagram, const Headers& headers) {
  const uint32_t end = end_of(headers);
  if (datagram.end) return end > *datagram.end || (!headers.more && end != *datagram.end);
  return !headers.more && end < datagram.pieces.back().end;
}

void Fragments::passed(const Headers& headers, Time now) {
  Datagram& datagram = datagrams_[key_of(headers)];
  if (headers.part == Part::first) datagram = {.until = now + kFragments};
  if (!headers.more) datagram.end = end_of(headers);
  auto& pieces = datagram.pieces;
  pieces.push_back({headers.offset, end_of(headers)});
  std::ranges::sort(pieces, {}, &Piece::begin);
  for (std::size_t i = 1; i < pieces.size();) {
    if (pieces[i - 1].end != pieces[i].begin) {
      ++i;
      continue;
    }
    pieces[i - 1].end = pieces[i].end;
    pieces.erase(pieces.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

}  // namespace gate41::model
