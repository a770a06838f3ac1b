#include "tests/model/peers/conversation.hpp"

#include <algorithm>
#include <array>
#include <random>

#include "tests/model/generator/ends.hpp"
#include "tests/model/peers/air.hpp"
#include "tests/model/peers/peer.hpp"
#include "tests/model/reference/filter.hpp"

namespace gate41::model {
namespace {

using std::chrono::milliseconds;

constexpr Ends kEnds{{Place::lan, 2}, {Place::net, 1}, 40000, 443};
constexpr Time kResend = seconds(1);
constexpr Time kPlot = seconds(40);     // things happen until then
constexpr Time kEnd = seconds(300);     // and must have come to an end by then
constexpr std::size_t kLongest = 3000;  // events

enum class Plot : uint8_t {
  transfer,  // nothing special
  close,     // one side has nothing more to say, then the other
  abort,     // one side resets
  crash,     // one side forgets the connection and opens it again, from the same port
};

class Play {
 public:
  explicit Play(uint64_t seed);
  Conversation run();

 private:
  using Flight = model::Flight<TcpFields>;

  uint64_t below(uint64_t bound) { return random_() % bound; }
  bool chance(unsigned percent) { return below(100) < percent; }
  Peer& peer(Direction who) { return peers_[static_cast<std::size_t>(who)]; }
  static PeerOptions some_options(std::mt19937_64& random);
  uint32_t some_first();

  void open(Direction who);
  void act();
  void crash();
  void tick();
  void collect(Direction who);
  void depart(Direction direction, const TcpFields& segment);
  void arrive(const Flight& flight);
  void filter(const Flight& flight);
  [[nodiscard]] bool must_pass(Direction direction, const TcpFields& segment);
  void finish();

  std::mt19937_64 random_;
  std::array<Peer, 2> peers_;
  Plot plot_;
  Direction opener_ = Direction::outbound;
  unsigned loss_;   // percent, on either side of the filter
  uint64_t delay_;  // milliseconds at most, the same
  bool in_order_;   // as far as the filter
  bool pinhole_ = false;
  bool crashed_ = false;
  bool begun_ = false;  // somebody who may has opened it
  bool over_ = false;   // reset on purpose
  Time now_{};
  std::array<Time, 2> last_{};
  Air<TcpFields> air_;
  Filter filter_;
  Conversation result_;
};

PeerOptions Play::some_options(std::mt19937_64& random) {
  constexpr std::array<uint32_t, 6> kBuffers = {500, 3000, 20'000, 65'535, 300'000, 2'000'000};
  PeerOptions options;
  options.buffer = kBuffers[random() % kBuffers.size()];
  uint8_t scale = static_cast<uint8_t>(std::array{0, 2, 7, 14}[random() % 4]);
  while (scale != 0 && options.buffer >> scale < 16) --scale;  // such windows are never opened
  if (random() % 3 != 0) options.scale = scale;
  return options;
}

Play::Play(uint64_t seed)
    : random_(seed),
      peers_{Peer(some_options(random_)), Peer(some_options(random_))},
      plot_(static_cast<Plot>(below(4))),
      loss_(static_cast<unsigned>(below(3) * 6)),
      delay_(2 + below(150)),
      in_order_(chance(60)) {}

// Near the wrap half of the time.
uint32_t Play::some_first() {
  const auto number = static_cast<uint32_t>(random_());
  return chance(50) ? number : 0U - number % 5000;
}

void Play::open(Direction who) {
  opener_ = who;
  Peer& other = peer(opposite(who));
  if (!other.is_established()) other.listen(some_first());
  peer(who).connect(some_first());
  // Both at once. With a pinhole the filter may take the exterior for the opener, and let the interior, when
  // it has lost its memory, not open that very connection anew.
  if (!pinhole_ && !crashed_ && who == Direction::outbound && chance(10)) other.connect(some_first());
}

// What the users of the connection do; not more than a slow one can take in time.
void Play::act() {
  const uint64_t some_bytes = std::min({60'000U, 4 * peers_[0].buffer(), 4 * peers_[1].buffer()});
  for (const Direction who : {Direction::outbound, Direction::inbound}) {
    Peer& one = peer(who);
    one.read(static_cast<uint32_t>(below(20'000)));
    if (now_ > kPlot) continue;
    if (chance(30)) one.write(static_cast<uint32_t>(below(some_bytes)));
    if (now_ < kPlot / 2) continue;
    if (plot_ == Plot::close && chance(20)) one.finish();
    if (plot_ == Plot::abort && chance(10) && one.is_established()) {
      one.abort();
      over_ = true;
    }
  }
  if (plot_ == Plot::crash && now_ > kPlot / 2 && !crashed_ && chance(20)) crash();
}

// The opener has lost its memory, and opens the same connection again; the other one may know of the old one
// still (RFC 9293 §3.5.1), or have lost its memory too.
void Play::crash() {
  crashed_ = true;
  if (chance(50)) peer(opposite(opener_)).forget();
  open(opener_);
}

void Play::tick() {
  for (const Direction who : {Direction::outbound, Direction::inbound}) peer(who).on_timer();
  // Whoever has lost its connection to the crash opens it again, or waits for that.
  if (!crashed_ || !peer(opener_).is_closed()) return;
  open(opener_);
}

void Play::collect(Direction who) {
  for (const TcpFields& segment : peer(who).take()) depart(who, segment);
}

void Play::depart(Direction direction, const TcpFields& segment) {
  if (chance(loss_)) return;
  Time& last = last_[static_cast<std::size_t>(direction)];
  Time at = now_ + milliseconds(1 + below(delay_));
  if (in_order_) at = last = std::max(at, last);
  air_.send(at, direction, false, segment);
}

// Of a conversation in which nobody has lost his memory all that the other side still waits for; and where
// nothing is overtaken everything. (A segment that is overtaken while a whole window is under way can lag
// farther than a filter allows, whose bound is that of Linux.)
bool Play::must_pass(Direction direction, const TcpFields& segment) {
  if (crashed_ || !begun_) return false;
  const Peer& receiver = peer(opposite(direction));
  if (over_)  // a reset that it would take
    return segment.flags == (flag::rst | flag::ack) && in_order_ && receiver.in_window(segment.sequence);
  if (in_order_) return true;
  const bool lags = receiver.sent() - segment.acknowledgement > kLeastLag;
  return segment.length != 0 && receiver.lacks(segment.sequence + segment.length) && !lags;
}

void Play::filter(const Flight& flight) {
  Event event;
  event.at = now_;
  event.direction = flight.direction;
  event.packet = kEnds.packet(flight.direction, protocol::tcp);
  event.packet.tcp = flight.content;
  result_.sequence.push_back(event);
  const Verdict verdict = filter_.verdict(event.packet, event.direction, now_);
  if (verdict != Verdict::pass) {
    if (must_pass(flight.direction, flight.content) && result_.complaint.empty())
      result_.complaint = "the last segment had to pass";
    return;
  }
  begun_ = true;
  if (chance(loss_)) return;
  air_.send(now_ + milliseconds(1 + below(delay_)), flight.direction, true, flight.content);
}

void Play::arrive(const Flight& flight) {
  if (!flight.filtered) return filter(flight);
  Peer& receiver = peer(opposite(flight.direction));
  receiver.on_segment(flight.content);
  if (chance(60)) receiver.read(static_cast<uint32_t>(below(20'000)));
}

Conversation Play::run() {
  Event policy;
  policy.policy.emplace();
  pinhole_ = chance(40);
  if (pinhole_)
    policy.policy->pinholes.push_back(
        {kEnds.interior, protocol::tcp, kEnds.interior_port, kEnds.interior_port});
  filter_.set_policy(*policy.policy);
  result_.sequence.push_back(policy);
  open(!pinhole_ || chance(30) ? Direction::outbound : Direction::inbound);
  Time next_tick = kResend;
  while (now_ < kEnd && result_.complaint.empty() && result_.sequence.size() < kLongest) {
    for (const Direction who : {Direction::outbound, Direction::inbound}) collect(who);
    if (air_.brings(next_tick)) {
      const Flight flight = air_.next();
      now_ = flight.at;
      arrive(flight);
      continue;
    }
    now_ = next_tick;
    next_tick += kResend;
    act();
    tick();
  }
  finish();
  return std::move(result_);
}

void Play::finish() {
  if (!result_.complaint.empty() || now_ < kEnd || over_) return;
  const bool connected = peers_[0].is_established() && peers_[1].is_established();
  if (!connected)
    result_.complaint = "there is no connection in the end";
  else if (!peers_[0].has_sent_all() || !peers_[1].has_sent_all())
    result_.complaint = "not all has arrived in the end";
}

}  // namespace

Conversation converse(uint64_t seed) { return Play(seed).run(); }

}  // namespace gate41::model
