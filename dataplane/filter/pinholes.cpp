#include "dataplane/filter/pinholes.hpp"

#include <algorithm>
#include <tuple>

namespace gate41 {
namespace {

auto place_of(const InboundRule& rule) { return std::tie(rule.destination, rule.protocol); }
auto place_of(const InboundQuestion& question) { return std::tie(question.destination, question.protocol); }

std::size_t middle(std::size_t begin, std::size_t end) { return begin + (end - begin) / 2; }

}  // namespace

Pinholes::Pinholes(std::vector<InboundRule> rules) : rules_(std::move(rules)), reach_(rules_.size()) {
  std::ranges::sort(rules_, {}, [](const InboundRule& rule) {
    return std::tie(rule.destination, rule.protocol, rule.port_first);
  });
  for (std::size_t begin = 0; begin < rules_.size();) {
    std::size_t end = begin;
    while (end < rules_.size() && place_of(rules_[end]) == place_of(rules_[begin])) ++end;
    static_cast<void>(measure(begin, end));
    begin = end;
  }
}

// Of one host and protocol.
uint16_t Pinholes::measure(std::size_t begin, std::size_t end) {
  if (begin == end) return 0;
  const std::size_t root = middle(begin, end);
  const uint16_t before = measure(begin, root);
  const uint16_t behind = measure(root + 1, end);
  return reach_[root] = std::max({before, rules_[root].port_last, behind});
}

Pinholes::Answer Pinholes::find(const InboundQuestion& question) const noexcept {
  Answer answer;
  const auto before = [&](const InboundRule& rule) {
    ++answer.looked_at;
    return place_of(rule) < place_of(question);
  };
  const auto not_behind = [&](const InboundRule& rule) {
    ++answer.looked_at;
    return place_of(rule) <= place_of(question);
  };
  const auto begin = std::partition_point(rules_.begin(), rules_.end(), before);
  const auto end = std::partition_point(begin, rules_.end(), not_behind);
  answer.rule = search(static_cast<std::size_t>(begin - rules_.begin()),
                       static_cast<std::size_t>(end - rules_.begin()), question, answer.looked_at);
  return answer;
}

const InboundRule* Pinholes::search(std::size_t begin, std::size_t end, const InboundQuestion& question,
                                    unsigned& looked_at) const noexcept {
  if (begin == end) return nullptr;
  const std::size_t root = middle(begin, end);
  const InboundRule& rule = rules_[root];
  ++looked_at;
  if (reach_[root] < question.port) return nullptr;
  if (const InboundRule* found = search(begin, root, question, looked_at)) return found;
  if (rule.port_first > question.port) return nullptr;
  if (rule.port_last >= question.port && rule.from.contains(question.source)) return &rule;
  return search(root + 1, end, question, looked_at);
}

}  // namespace gate41
