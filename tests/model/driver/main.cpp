// filter_model: packet sequences, made by chance, through the product's filter and through the reference. The
// first difference is told in as few packets as it takes, and the exit status is 1.
#include <CLI/CLI.hpp>
#include <array>
#include <chrono>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <string>

#include <rte_eal.h>

#include "tests/model/driver/compare.hpp"
#include "tests/model/driver/shrink.hpp"
#include "tests/model/driver/story.hpp"
#include "tests/model/generator/sequence.hpp"
#include "tests/model/peers/conversation.hpp"
#include "tests/model/reference/filter.hpp"

namespace gate41::model {
namespace {

struct Options {
  uint64_t packets = 300'000;
  uint64_t seed = 1;
  std::size_t length = 1000;
  bool peers = false;
  uint16_t workers = 1;
  std::string names{kUsual};  // of features
  Features features = *features_of(kUsual);
};

// The first sequence has the seed itself, so that one of them can be had again alone.
uint64_t seed_of(uint64_t seed, uint64_t number) {
  uint64_t mixed = seed + number * 0x9e3779b97f4a7c15ULL;
  if (number == 0) return seed;
  mixed = (mixed ^ mixed >> 30U) * 0xbf58476d1ce4e5b9ULL;
  mixed = (mixed ^ mixed >> 27U) * 0x94d049bb133111ebULL;
  return mixed ^ mixed >> 31U;
}

constexpr uint64_t kEvery = 4;

// Every fourth sequence is a conversation of peers who keep to the rules.
bool is_conversation(uint64_t number, const Options& options) {
  return options.peers || number % kEvery == kEvery - 1;
}

// How this sequence comes first again.
std::string command_for(uint64_t number, const Options& options) {
  return fmt::format("filter_model --seed {} --length {} --features '{}' --workers {} --packets 1{}",
                     seed_of(options.seed, number), options.length, options.names, options.workers,
                     is_conversation(number, options) ? " --peers" : "");
}

void tell(Box& box, const Sequence& sequence, const std::string& command) {
  const auto differs = [&box](const Sequence& candidate) { return compare(box, candidate).differs; };
  const Sequence found = shrink(sequence, differs);
  const Comparison comparison = compare(box, found);
  fmt::print("a difference: {}\n\n{}", command, story_of(found, comparison.verdicts));
  if (!comparison.late.empty()) fmt::print("before the last burst: {}\n", comparison.late);
}

using Counts = std::array<uint64_t, kVerdictNames.size()>;

void count(Counts& counts, const Sequence& sequence, const Comparison& comparison) {
  for (std::size_t i = 0; i < comparison.verdicts.size(); ++i)
    if (!sequence[i].policy) ++counts[static_cast<std::size_t>(comparison.verdicts[i].reference)];
}

// What has been compared: a verdict that never came up was not.
void print(const Counts& counts) {
  for (std::size_t i = 0; i < counts.size(); ++i)
    if (counts[i] != 0) fmt::print("{:12} {}\n", counts[i], kVerdictNames[i]);
}

std::vector<Verdicts> verdicts_of(const Sequence& sequence) {
  Filter filter;
  std::vector<Verdicts> verdicts;
  for (const Event& event : sequence) {
    if (event.policy) filter.set_policy(*event.policy);
    const Verdict verdict =
        event.policy ? Verdict::pass : filter.verdict(event.packet, event.direction, event.at);
    verdicts.push_back({verdict, verdict});
  }
  return verdicts;
}

// A sequence; or none, and told why, when the reference itself is wrong.
std::optional<Sequence> sequence_of(uint64_t number, const Options& options) {
  const uint64_t seed = seed_of(options.seed, number);
  if (!is_conversation(number, options))
    return make_sequence(seed, options.features, Time{0}, options.length);
  // The odd ones, and where SCTP has been asked for.
  const bool sctp = options.features.has(Feature::sctp) && seed % 2 != 0;
  Conversation conversation = sctp ? associate(seed) : converse(seed);
  if (conversation.complaint.empty()) return std::move(conversation.sequence);
  fmt::print("a complaint: {}\n\n{}{}\n", command_for(number, options),
             story_of(conversation.sequence, verdicts_of(conversation.sequence)), conversation.complaint);
  return std::nullopt;
}

bool run(Box& box, const Options& options) {
  uint64_t packets = 0;
  Counts counts{};
  for (uint64_t number = 0; packets < options.packets; ++number) {
    std::optional<Sequence> sequence = sequence_of(number, options);
    if (!sequence) return false;
    const Comparison comparison = compare(box, *sequence);
    packets += comparison.packets;
    count(counts, *sequence, comparison);
    if (!comparison.differs) continue;
    sequence->resize(comparison.verdicts.size());
    tell(box, *sequence, command_for(number, options));
    return false;
  }
  print(counts);
  fmt::print("{} packets, seed {}, no difference\n", packets, options.seed);
  return true;
}

void start_eal() {
  std::array<std::string, 8> words = {"filter_model", "--no-huge",      "-m",           "256", "--no-pci",
                                      "--no-shconf",  "--no-telemetry", "--log-level=3"};
  std::array<char*, 8> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
  if (rte_eal_init(static_cast<int>(arguments.size()), arguments.data()) < 0) std::exit(2);
}

}  // namespace
}  // namespace gate41::model

int main(int argc, char** argv) {
  gate41::model::Options options;
  CLI::App app("Compares the stateful filter with a reference written from the RFCs.");
  app.add_option("--packets", options.packets, "at least so many");
  app.add_option("--seed", options.seed, "of what chance decides");
  app.add_option("--length", options.length, "packets of one sequence, after which all is forgotten");
  app.add_flag("--peers", options.peers, "only conversations of peers who keep to RFC 9293");
  app.add_option("--workers", options.workers,
                 "of the product, each with a queue; beyond one without `mapping`")
      ->check(CLI::Range(1, 8));
  app.add_option("--features", options.names, "what sequences may touch, by names with commas between")
      ->check([&options](const std::string& names) {
        const auto features = gate41::model::features_of(names);
        options.features = features.value_or(gate41::model::Features());
        return features ? std::string() : "no such feature";
      });
  CLI11_PARSE(app, argc, argv);
  fmt::print("seed {}\n", options.seed);
  // The harness asserts that each packet is counted once and each buffer comes back.
  GTEST_FLAG_SET(throw_on_failure, true);
  gate41::model::start_eal();
  bool same = false;
  {
    gate41::model::Box box(options.workers);
    same = gate41::model::run(box, options);
  }
  rte_eal_cleanup();
  return same ? 0 : 1;
}
