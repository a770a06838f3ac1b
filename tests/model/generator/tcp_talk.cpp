// A TCP conversation that follows RFC 9293 most of the time, between hosts that lose packets, lose their
// memory, and have enemies.
#include <algorithm>
#include <array>

#include "tests/model/generator/talk.hpp"

namespace gate41::model {
namespace {

bool after(uint32_t a, uint32_t b) { return static_cast<int32_t>(a - b) > 0; }

struct Side {
  bool syn = false;  // sent
  bool fin = false;
  uint32_t first = 0;
  uint32_t next = 0;     // what it sends next
  uint32_t got = 0;      // all of the other side's before this
  uint32_t granted = 0;  // the end of what it may send
  uint32_t largest = 0;  // window that it has granted
  uint16_t window = 0;   // as in its segments
  std::optional<uint8_t> scale{};
};

class TcpTalk : public Talk {
 public:
  explicit TcpTalk(World& world)
      : ends_(some_ends(world)), wildness_(static_cast<unsigned>(world.one_of({0, 5, 15, 40}))) {
    begin(world);
  }
  void step(World& world) override;

 private:
  [[nodiscard]] Side& side(Direction who) { return sides_[static_cast<std::size_t>(who)]; }
  void begin(World& world);
  void handshake(World& world, Direction who);
  void transfer(World& world, Direction who);
  void misbehave(World& world, Direction who);
  uint32_t wild_sequence(World& world, Direction who, uint32_t length);
  uint32_t wild_acknowledgement(World& world, Direction who);
  // A segment that follows on what was sent.
  TcpFields next_segment(Direction who, uint8_t flags, uint16_t length = 0);
  void send(World& world, Direction who, const TcpFields& segment);
  void count(World& world, Direction who, const TcpFields& segment);
  static std::optional<uint8_t> some_scale(World& world);
  static uint16_t some_window(World& world);
  static uint16_t some_length(World& world);

  Ends ends_;
  unsigned wildness_;  // percent
  Direction opener_ = Direction::outbound;
  bool midstream_ = false;
  std::array<Side, 2> sides_{};
};

std::optional<uint8_t> TcpTalk::some_scale(World& world) {
  if (world.chance(35)) return std::nullopt;
  return world.one_of<uint8_t>({0, 1, 2, 7, 7, 14, 15});
}

uint16_t TcpTalk::some_window(World& world) {
  return world.one_of<uint16_t>({0, 1, 100, 1000, 1000, 8192, 65535, 65535});
}

uint16_t TcpTalk::some_length(World& world) { return world.one_of<uint16_t>({0, 1, 4, 100, 100, 536, 1000}); }

// Anew, with the same addresses and ports.
void TcpTalk::begin(World& world) {
  opener_ = world.chance(65) ? Direction::outbound : Direction::inbound;
  midstream_ = world.chance(15);
  sides_ = {};
  for (Side& side : sides_) {
    side.first =
        world.one_of<uint32_t>({0, 1, 0x7fffff00, 0xfffffff0, static_cast<uint32_t>(world.number())});
    side.next = side.first;
    side.window = some_window(world);
    side.scale = some_scale(world);
    side.syn = midstream_;
  }
  if (!midstream_) return;
  sides_[0].got = sides_[0].granted = sides_[1].next;
  sides_[1].got = sides_[0].next;
  sides_[0].granted = sides_[0].next + sides_[1].window;
  sides_[1].granted = sides_[1].next + sides_[0].window;
}

void TcpTalk::step(World& world) {
  if (world.rarely(6)) begin(world);
  if (world.rarely(15)) {
    ends_.interior_port = world.chance(50) ? some_port(world) : ends_.interior_port;
    begin(world);
  }
  Direction who = world.chance(50) ? Direction::outbound : Direction::inbound;
  const bool both = side(who).syn && side(opposite(who)).syn;
  if (world.chance(wildness_))
    misbehave(world, who);
  else if (!both)
    handshake(world, who);
  else
    transfer(world, who);
}

TcpFields TcpTalk::next_segment(Direction who, uint8_t flags, uint16_t length) {
  const Side& own = side(who);
  TcpFields segment;
  segment.flags = flags;
  segment.sequence = own.next;
  segment.acknowledgement = (flags & flag::ack) != 0 ? own.got : 0;
  segment.window = own.window;
  segment.length = length;
  if ((flags & flag::syn) != 0) segment.scale = own.scale;
  return segment;
}

void TcpTalk::handshake(World& world, Direction who) {
  Side& own = side(who);
  const bool opens = who == opener_;
  const bool asked = side(opposite(who)).syn;
  if (!opens && !asked) who = opener_;
  Side& sender = side(who);
  if (&sender == &own && asked && world.chance(6)) {
    send(world, who, next_segment(who, flag::rst | flag::ack));  // nobody listens
    return;
  }
  const bool answers = asked && who != opener_ && !world.chance(10);  // else: both open at once
  const auto flags = static_cast<uint8_t>(flag::syn | (answers ? flag::ack : 0));
  TcpFields segment = next_segment(who, flags, world.chance(5) ? 100 : 0);
  segment.sequence = sender.first;  // also when it is sent again
  if (answers && world.chance(5)) {
    // Someone who still has another connection (RFC 9293 §3.5.1), and what he is told.
    segment.flags = flag::ack;
    segment.acknowledgement = static_cast<uint32_t>(world.number());
    send(world, who, segment);
    TcpFields reset;
    reset.flags = flag::rst;
    reset.sequence = segment.acknowledgement;
    send(world, opposite(who), reset);
    return;
  }
  send(world, who, segment);
}

void TcpTalk::transfer(World& world, Direction who) {
  Side& own = side(who);
  TcpFields segment = next_segment(who, flag::ack);
  const uint64_t what = world.below(100);
  if (what < 40) {
    segment.length = some_length(world);
    if (world.chance(30)) segment.flags |= flag::psh;
  } else if (what < 60) {
    own.window = some_window(world);
    segment.window = own.window;
  } else if (what < 70) {  // again
    segment.sequence = world.chance(50) ? own.first + 1 : own.next - some_length(world);
    segment.length = some_length(world);
  } else if (what < 74) {  // keep-alive
    segment.sequence = own.next - 1;
    segment.length = static_cast<uint16_t>(world.below(2));
  } else if (what < 78) {  // probe of a window
    segment.sequence = own.granted;
    segment.length = 1;
  } else if (what < 83) {  // the handshake's segments again
    segment = next_segment(who, who == opener_ ? flag::syn : flag::syn | flag::ack);
    segment.sequence = own.first;
  } else if (what < 92) {
    segment.flags |= flag::fin;
    if (own.fin) segment.sequence = own.next - 1;
    own.fin = true;
  } else if (what < 95) {
    segment.flags = world.chance(50) ? flag::rst : flag::rst | flag::ack;
  } else if (what < 97 && own.fin) {
    begin(world);
    return;
  }
  send(world, who, segment);
}

uint32_t TcpTalk::wild_sequence(World& world, Direction who, uint32_t length) {
  const Side& own = side(who);
  const Side& other = side(opposite(who));
  const auto off = static_cast<uint32_t>(world.below(5)) - 2;
  return off +
         world.one_of<uint32_t>({own.next, own.first, own.first + 1, own.granted, own.granted - length,
                                 own.next - other.largest, own.next - other.window, own.next - 0xffff,
                                 own.next + 0x80000000U, other.got, static_cast<uint32_t>(world.number())});
}

uint32_t TcpTalk::wild_acknowledgement(World& world, Direction who) {
  const Side& own = side(who);
  const Side& other = side(opposite(who));
  const auto off = static_cast<uint32_t>(world.below(5)) - 2;
  return off + world.one_of<uint32_t>({other.next, other.first, own.got, other.next - own.largest,
                                       other.next - own.window, other.next - 0xffff, other.next - 66000,
                                       other.next + 0x80000000U, static_cast<uint32_t>(world.number())});
}

void TcpTalk::misbehave(World& world, Direction who) {
  uint8_t flags = world.one_of<uint8_t>({flag::ack, flag::ack, flag::ack, flag::rst, flag::rst | flag::ack,
                                         flag::syn, flag::syn | flag::ack, flag::fin | flag::ack});
  if (world.chance(10)) flags = static_cast<uint8_t>(world.below(64));
  TcpFields segment = next_segment(who, flags, some_length(world));
  if ((flags & (flag::syn | flag::rst)) != 0 && world.chance(70)) segment.length = 0;
  if (world.chance(60)) segment.sequence = wild_sequence(world, who, segment.length);
  if (world.chance(40)) segment.acknowledgement = wild_acknowledgement(world, who);
  if (world.chance(20)) segment.window = some_window(world);
  if ((flags & flag::syn) != 0 && world.chance(20)) segment.scale = some_scale(world);
  send(world, who, segment);
}

void TcpTalk::send(World& world, Direction who, const TcpFields& segment) {
  Packet packet = ends_.packet(who, protocol::tcp);
  packet.tcp = segment;
  count(world, who, segment);
  if (!world.chance(4)) world.emit(packet, who);  // else it is lost before it comes to the filter
}

// What both ends know afterwards; now and then it is lost behind the filter.
void TcpTalk::count(World& world, Direction who, const TcpFields& segment) {
  Side& own = side(who);
  Side& other = side(opposite(who));
  const bool syn = (segment.flags & flag::syn) != 0;
  const uint32_t end =
      segment.sequence + segment.length + (syn ? 1U : 0U) + ((segment.flags & flag::fin) != 0 ? 1U : 0U);
  // What others forge is not what it has sent.
  const bool sane = end - own.next < 100'000 && (segment.flags & flag::rst) == 0;
  if (syn && segment.sequence == own.first) own.syn = true;
  if (!sane) return;
  if (after(end, own.next)) own.next = end;
  const bool scaled = !syn && own.scale && other.scale;
  const uint32_t window = uint32_t{segment.window} << (scaled ? std::min<uint32_t>(*own.scale, 14) : 0U);
  own.largest = std::max(own.largest, window);
  if ((segment.flags & flag::ack) != 0 && after(segment.acknowledgement + window, other.granted))
    other.granted = segment.acknowledgement + window;
  if (!world.chance(90)) return;
  if (syn || segment.sequence == other.got) other.got = end;
  if (world.chance(30)) other.got = own.next;
}

}  // namespace

std::unique_ptr<Talk> make_tcp_talk(World& world) { return std::make_unique<TcpTalk>(world); }

}  // namespace gate41::model
