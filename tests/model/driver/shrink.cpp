#include "tests/model/driver/shrink.hpp"

#include <algorithm>

namespace gate41::model {
namespace {

Sequence without(const Sequence& sequence, std::size_t first, std::size_t many) {
  Sequence rest(sequence.begin(), sequence.begin() + static_cast<std::ptrdiff_t>(first));
  const std::size_t next = std::min(sequence.size(), first + many);
  rest.insert(rest.end(), sequence.begin() + static_cast<std::ptrdiff_t>(next), sequence.end());
  return rest;
}

// One try with each piece of this size; true when any could go.
bool remove_pieces(Sequence& sequence, std::size_t size,
                   const std::function<bool(const Sequence&)>& differs) {
  bool removed = false;
  // From the end: what is late depends on what is early.
  for (std::size_t end = sequence.size(); end != 0; end = end > size ? end - size : 0) {
    const std::size_t first = end > size ? end - size : 0;
    if (first >= sequence.size()) continue;
    Sequence candidate = without(sequence, first, end - first);
    if (!differs(candidate)) continue;
    sequence = std::move(candidate);
    removed = true;
  }
  return removed;
}

}  // namespace

Sequence shrink(Sequence sequence, const std::function<bool(const Sequence&)>& differs) {
  for (std::size_t size = std::max<std::size_t>(1, sequence.size() / 2); size > 1; size /= 2)
    remove_pieces(sequence, size, differs);
  while (remove_pieces(sequence, 1, differs)) {
  }
  return sequence;
}

}  // namespace gate41::model
