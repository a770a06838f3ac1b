// An SCTP association that follows RFC 9260 most of the time, between hosts that open it both at once, lose
// their memory, and have enemies.
#include <array>
#include <vector>

#include "tests/model/generator/talk.hpp"

namespace gate41::model {
namespace {

class SctpTalk : public Talk {
 public:
  explicit SctpTalk(World& world)
      : ends_(some_ends(world)), wildness_(static_cast<unsigned>(world.one_of({0, 5, 15, 40}))) {
    for (uint32_t& tag : chosen_) tag = some_tag(world);
    begin(world);
  }
  void step(World& world) override;

 private:
  struct Line {
    Direction who;
    uint8_t chunk;
    bool t = false;
  };
  // Each end's own; the other one's packets carry it.
  [[nodiscard]] uint32_t& chosen(Direction who) { return chosen_[static_cast<std::size_t>(who)]; }
  static uint32_t some_tag(World& world);
  void begin(World& world);
  void end(World& world);
  void transfer(World& world);
  void misbehave(World& world);
  [[nodiscard]] uint32_t wild_tag(World& world, Direction who);
  [[nodiscard]] SctpFields fields_of(const Line& line);
  void send(World& world, Direction who, const SctpFields& fields);

  Ends ends_;
  unsigned wildness_;  // percent
  std::array<uint32_t, 2> chosen_{};
  std::array<uint32_t, 2> before_{1, 1};  // what they had chosen for the handshake before
  std::vector<Line> script_;
  std::size_t next_ = 0;  // line of it
  bool ended_ = false;
};

uint32_t SctpTalk::some_tag(World& world) {
  return world.chance(50) ? world.one_of<uint32_t>({1, 2, 0xffffffff})
                          : static_cast<uint32_t>(world.number() | 1U);
}

// §5.1, §5.2.1, §5.2.2; some were there before the filter was.
void SctpTalk::begin(World& world) {
  ended_ = false;
  next_ = 0;
  script_.clear();
  if (world.chance(10)) return;
  before_ = chosen_;
  // The end that keeps its memory may answer with the tag that it has.
  const unsigned anew = world.chance(50) ? 100 : 50;
  for (uint32_t& tag : chosen_)
    if (world.chance(anew)) tag = some_tag(world);
  const Direction a = world.chance(60) ? Direction::outbound : Direction::inbound;
  const Direction b = opposite(a);
  if (world.chance(75)) {
    script_ = {{a, chunk::init}, {b, chunk::init_ack}, {a, chunk::cookie_echo}, {b, chunk::cookie_ack}};
    if (world.chance(8)) script_ = {{a, chunk::init}, {b, chunk::abort, world.chance(30)}};
    return;
  }
  script_ = {{a, chunk::init},       {b, chunk::init},        {a, chunk::init_ack},
             {b, chunk::init_ack},   {a, chunk::cookie_echo}, {b, chunk::cookie_echo},
             {a, chunk::cookie_ack}, {b, chunk::cookie_ack}};
  for (std::size_t i = 0; i + 1 < script_.size(); i += 2)
    if (world.chance(40)) std::swap(script_[i], script_[i + 1]);
}

// §9.
void SctpTalk::end(World& world) {
  ended_ = true;
  next_ = 0;
  const Direction a = world.some_direction();
  const Direction b = opposite(a);
  script_ = {{a, chunk::shutdown}, {b, chunk::shutdown_ack}, {a, chunk::shutdown_complete, world.chance(20)}};
  if (world.chance(30)) script_ = {{a, chunk::abort, world.chance(40)}};
}

void SctpTalk::step(World& world) {
  if (world.rarely(20)) begin(world);
  if (world.chance(wildness_)) return misbehave(world);
  if (next_ == script_.size()) return ended_ && world.chance(70) ? begin(world) : transfer(world);
  // Lost behind the filter, or sent again.
  const std::size_t line = next_ != 0 && world.chance(15) ? world.below(next_) : next_;
  SctpFields fields = fields_of(script_[line]);
  if (fields.chunk == chunk::cookie_echo && world.chance(30)) fields.second = chunk::data;
  send(world, script_[line].who, fields);
  if (line == next_ && world.chance(90)) ++next_;
}

SctpFields SctpTalk::fields_of(const Line& line) {
  SctpFields fields;
  fields.chunk = line.chunk;
  fields.t = line.t;
  fields.tag = line.t ? chosen(line.who) : chosen(opposite(line.who));
  if (line.chunk == chunk::init) fields.tag = 0;
  if (line.chunk == chunk::init || line.chunk == chunk::init_ack) fields.initiate = chosen(line.who);
  return fields;
}

void SctpTalk::transfer(World& world) {
  if (world.chance(5)) return end(world);
  const Direction who = world.some_direction();
  SctpFields fields = fields_of({who, world.one_of({chunk::data, chunk::data, chunk::sack, chunk::heartbeat,
                                                    chunk::heartbeat_ack, chunk::error})});
  if (fields.chunk == chunk::sack && world.chance(50)) fields.second = chunk::data;
  send(world, who, fields);
  if (world.rarely(40)) begin(world);  // one of them has lost its memory
}

uint32_t SctpTalk::wild_tag(World& world, Direction who) {
  const auto own = static_cast<std::size_t>(who);
  return world.one_of<uint32_t>({0, chosen_[own], chosen_[1 - own], before_[own], before_[1 - own],
                                 chosen_[1 - own] + 1, some_tag(world)});
}

void SctpTalk::misbehave(World& world) {
  using Form = SctpFields::Form;
  const Direction who = world.some_direction();
  SctpFields fields = fields_of({who, static_cast<uint8_t>(world.below(15))});
  if (world.chance(5)) fields.chunk = world.one_of<uint8_t>({15, 63, 64, 0x80, 0xc1, 255});
  const bool has_initiate = fields.chunk == chunk::init || fields.chunk == chunk::init_ack;
  if (fields.chunk != chunk::init || world.chance(20)) fields.tag = wild_tag(world, who);
  fields.t = world.chance(40);
  if (has_initiate) fields.initiate = wild_tag(world, who);
  if (fields.chunk == chunk::init_ack && fields.initiate == 0) fields.initiate = 1;
  if (world.chance(15)) fields.second = static_cast<uint8_t>(world.below(15));
  if (world.chance(8)) fields.form = world.one_of({Form::no_chunk, Form::short_chunk, Form::cut});
  if (fields.chunk == chunk::init && world.chance(5)) fields.form = Form::bare;
  if (fields.form != Form::good) fields.second.reset();
  send(world, who, fields);
}

void SctpTalk::send(World& world, Direction who, const SctpFields& fields) {
  Packet packet = ends_.packet(who, protocol::sctp);
  packet.sctp = fields;
  if (!world.chance(4)) world.emit(packet, who);  // else it is lost before it comes to the filter
}

}  // namespace

std::unique_ptr<Talk> make_sctp_talk(World& world) { return std::make_unique<SctpTalk>(world); }

}  // namespace gate41::model
