"""IPv6 fragments on their way through the filter."""
TABLE = "dataplane/filter/fragment_table.cpp"
RANGES = "dataplane/filter/fragment_ranges.cpp"
MAP = "dataplane/filter/expiring_map.hpp"
STAGE = "dataplane/worker/stage_filter.cpp"
PARSE = "dataplane/net/parse_ipv6.cpp"

ROWS = [
    ("transit-orphan", TABLE, "fragment.v6.fragment == FragmentState::first", "true", "filter:FragmentTable.*",
     "a later fragment needs no first one"),
    ("transit-id", TABLE, "packet.v6.fragment_id", "0U", "filter:FragmentTable.*", "one first fragment is enough for all packets"),
    ("transit-gap", TABLE, "v6.more_fragments && v6.fragment_length % 8 != 0", "false", "filter:FragmentFault.*",
     "a fragment that leaves a gap passes"),
    ("transit-longest", TABLE, "range_of(v6).end > kLongest", "range_of(v6).end > kLongest + 1", "filter:FragmentFault.*",
     "a packet may be longer than a packet can be"),
    ("transit-first-again", STAGE, "context.worker.fragments.refuse_again(packet.parsed, context.now)",
     "std::optional<DropReason>()", "worker:Fragments.*",
     "a first fragment that comes again, and is dropped, moves its connection"),
    ("transit-same-again", RANGES, "if (std::ranges::any_of(passed_, holds)) return DropReason::fragment_duplicate;", "",
     "filter:FragmentRanges*", "bytes that have passed may come again with another content"),
    ("transit-overlap", RANGES, "std::ranges::any_of(passed_, meets) && std::ranges::none_of(passed_, holds)", "false",
     "filter:FragmentRanges*", "fragments may overlap"),
    ("transit-forgiven", RANGES, "condemned_ || contradicts_end(fragment, last)",
     "contradicts_end(fragment, last)", "filter:FragmentRanges*",
     "after an overlap the rest of the packet passes"),
    ("transit-end", RANGES, "if (end_known_) return fragment.end > end_ || (last && fragment.end != end_);", "",
     "filter:FragmentRanges*", "a packet goes on behind its end"),
    ("transit-early-end", RANGES, "return last && fragment.end < end_;", "return false;", "filter:FragmentRanges*",
     "a packet ends before what has passed of it"),
    ("transit-touch", RANGES, "range.end != fragment.begin && range.begin != fragment.end", "true", "filter:FragmentRanges*",
     "pieces that touch each take a place"),
    ("transit-from-behind", RANGES, "std::max(whole.end, range.end)", "whole.end", "filter:FragmentRanges*",
     "what a fragment closes a gap to is forgotten"),
    ("transit-late", MAP, "s.used && now < s.expires && s.key == key", "s.used && s.key == key", "filter:FragmentTable.*",
     "a first fragment is remembered for ever"),
    ("transit-newest-out", MAP, "std::ranges::min_element(bucket_of(hash), {}, &Slot::expires)",
     "std::ranges::max_element(bucket_of(hash), {}, &Slot::expires)", "filter:FragmentTable.*", "the newest packet has to go"),
    ("transit-fault", STAGE, "if (const auto fault = fragment_fault(packet.parsed.v6)) return Verdict::drop(*fault);", "{}",
     "worker:Fragments.*", "impossible fragments pass"),
    ("transit-length", PARSE, "static_cast<uint16_t>(input.end - offset)", "static_cast<uint16_t>(input.end)", "filter:FragmentFault.*:FragmentTable.*",
     "a fragment is as long as its headers and it"),
]
