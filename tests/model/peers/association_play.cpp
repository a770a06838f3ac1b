// A conversation of two SctpPeers, as conversation.cpp has it for TCP.
#include <algorithm>
#include <array>

#include "tests/model/generator/ends.hpp"
#include "tests/model/peers/air.hpp"
#include "tests/model/peers/conversation.hpp"
#include "tests/model/peers/sctp_peer.hpp"
#include "tests/model/reference/filter.hpp"

namespace gate41::model {
namespace {

using std::chrono::milliseconds;

constexpr Ends kEnds{{Place::lan, 2}, {Place::net, 1}, 40000, 3868};
constexpr Time kResend = seconds(1);
constexpr Time kPlot = seconds(40);      // things happen until then
constexpr Time kEnd = seconds(120);      // and must have come to an end by then
constexpr Time kSilence = seconds(900);  // far beyond the transitory timer

enum class Plot : uint8_t {
  transfer,  // nothing special
  shutdown,  // in order
  abort,     // at once
  crash,     // the opener forgets the association and opens it again, from the same port
};

class Play {
 public:
  explicit Play(uint64_t seed)
      : random_(seed),
        both_(chance(25)),
        opener_(chance(60) ? Direction::outbound : Direction::inbound),
        peers_{SctpPeer(random_(), listens(Direction::outbound)),
               SctpPeer(random_(), listens(Direction::inbound))},
        plot_(static_cast<Plot>(below(4))),
        loss_(static_cast<unsigned>(below(3) * 6)),
        delay_(2 + below(150)) {}
  Conversation run();

 private:
  using Flight = model::Flight<SctpPacket>;

  uint64_t below(uint64_t bound) { return random_() % bound; }
  bool chance(unsigned percent) { return below(100) < percent; }
  [[nodiscard]] bool listens(Direction who) const { return both_ || who != opener_; }
  SctpPeer& peer(Direction who) { return peers_[static_cast<std::size_t>(who)]; }
  void begin();
  void act();
  void depart(Direction direction, const SctpPacket& packet, bool filtered);
  void arrive(const Flight& flight);
  void filter(const Flight& flight);
  void finish();

  std::mt19937_64 random_;
  bool both_;  // open it
  Direction opener_;
  std::array<SctpPeer, 2> peers_;
  Plot plot_;
  unsigned loss_;   // percent, on either side of the filter
  uint64_t delay_;  // milliseconds at most, the same
  bool crashed_ = false;
  bool over_ = false;  // on purpose
  Time now_{};
  Air<SctpPacket> air_;
  Filter filter_;
  Conversation result_;
};

void Play::begin() {
  Event policy;
  policy.policy.emplace();
  if (both_ || opener_ == Direction::inbound)
    policy.policy->pinholes.push_back(
        {kEnds.interior, protocol::sctp, kEnds.interior_port, kEnds.interior_port});
  filter_.set_policy(*policy.policy);
  result_.sequence.push_back(policy);
  peer(opener_).associate();
  if (both_) peer(opposite(opener_)).associate();
}

// What the users of the association do. An INIT is not sent again before its answer can have come: of the
// tags of several handshakes under way at once a filter remembers one beside that of the association.
void Play::act() {
  for (const Direction who : {Direction::outbound, Direction::inbound}) peer(who).on_timer();
  for (const Direction who : {Direction::outbound, Direction::inbound}) {
    SctpPeer& one = peer(who);
    if (now_ < kPlot && chance(30)) chance(50) ? one.write() : one.beat();
    if (now_ < kPlot / 2 || now_ > kPlot || !one.is_established()) continue;
    if (plot_ == Plot::shutdown && chance(20)) {
      one.shut_down();
      over_ = true;
    }
    if (plot_ == Plot::abort && chance(20)) {
      one.abort();
      over_ = true;
    }
  }
  if (plot_ == Plot::crash && now_ > kPlot / 2 && !crashed_ && chance(20)) {
    crashed_ = true;
    peer(opener_).associate();
  }
  // Whoever has lost it opens it again.
  if (!over_ && peer(opener_).is_closed()) peer(opener_).associate();
}

void Play::depart(Direction direction, const SctpPacket& packet, bool filtered) {
  if (!chance(loss_)) air_.send(now_ + milliseconds(1 + below(delay_)), direction, filtered, packet);
}

void Play::filter(const Flight& flight) {
  Event event;
  event.at = now_;
  event.direction = flight.direction;
  event.packet = kEnds.packet(flight.direction, protocol::sctp);
  event.packet.sctp = flight.content.fields;
  result_.sequence.push_back(event);
  const Verdict verdict = filter_.verdict(event.packet, event.direction, now_);
  if (verdict == Verdict::pass) return depart(flight.direction, flight.content, true);
  if (!over_ && peer(opposite(flight.direction)).expects(flight.content) && result_.complaint.empty())
    result_.complaint = "the last packet had to pass";
}

void Play::arrive(const Flight& flight) {
  if (!flight.filtered) return filter(flight);
  peer(opposite(flight.direction)).on_packet(flight.content);
}

Conversation Play::run() {
  begin();
  Time next_tick = kResend;
  while (now_ < kEnd && result_.complaint.empty()) {
    for (const Direction who : {Direction::outbound, Direction::inbound})
      for (const SctpPacket& packet : peer(who).take()) depart(who, packet, false);
    if (air_.brings(next_tick)) {
      const Flight flight = air_.next();
      now_ = flight.at;
      arrive(flight);
      continue;
    }
    now_ = next_tick;
    next_tick += kResend;
    act();
  }
  finish();
  return std::move(result_);
}

// What is established stays so in silence (RFC 6092 REC-40), and the exterior may break it.
void Play::finish() {
  if (!result_.complaint.empty() || over_) return;
  if (!peers_[0].is_established() || !peers_[1].is_established()) {
    result_.complaint = "there is no association in the end";
    return;
  }
  now_ += kSilence;
  loss_ = 0;
  peer(Direction::inbound).write();
  for (const SctpPacket& packet : peer(Direction::inbound).take())
    filter({now_, 0, Direction::inbound, false, packet});
}

}  // namespace

Conversation associate(uint64_t seed) { return Play(seed).run(); }

}  // namespace gate41::model
