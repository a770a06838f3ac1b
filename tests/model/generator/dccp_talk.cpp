// A DCCP connection that follows RFC 4340 §8 most of the time.
#include <vector>

#include "tests/model/generator/talk.hpp"

namespace gate41::model {
namespace {

class DccpTalk : public Talk {
 public:
  explicit DccpTalk(World& world)
      : ends_(some_ends(world)), wildness_(static_cast<unsigned>(world.one_of({0, 5, 15, 40}))) {
    begin(world);
  }
  void step(World& world) override;

 private:
  struct Line {
    Direction who;
    uint8_t type;
  };
  void begin(World& world);
  void end(World& world);
  void transfer(World& world);
  void misbehave(World& world);
  void send(World& world, Direction who, const DccpFields& fields);

  Ends ends_;
  unsigned wildness_;  // percent
  std::vector<Line> script_;
  std::size_t next_ = 0;  // line of it
  bool ended_ = false;
};

// §8.1; some were there before the filter was.
void DccpTalk::begin(World& world) {
  ended_ = false;
  next_ = 0;
  script_.clear();
  if (world.chance(15)) return;
  const Direction opener = world.chance(65) ? Direction::outbound : Direction::inbound;
  script_ = {{opener, dccp_type::request}, {opposite(opener), dccp_type::response}, {opener, dccp_type::ack}};
  if (world.chance(10)) script_[1].type = dccp_type::reset;
}

// §8.3.
void DccpTalk::end(World& world) {
  ended_ = true;
  next_ = 0;
  const Direction who = world.some_direction();
  script_ = {{who, dccp_type::close_req}, {opposite(who), dccp_type::close}, {who, dccp_type::reset}};
  if (world.chance(50)) script_.erase(script_.begin());
  if (world.chance(20)) script_ = {{who, dccp_type::reset}};
}

void DccpTalk::step(World& world) {
  if (world.rarely(15)) begin(world);
  if (world.chance(wildness_)) return misbehave(world);
  if (next_ == script_.size()) return ended_ && world.chance(70) ? begin(world) : transfer(world);
  // Lost behind the filter, or sent again.
  const std::size_t line = next_ != 0 && world.chance(15) ? world.below(next_) : next_;
  send(world, script_[line].who, {.type = script_[line].type});
  if (line == next_ && world.chance(90)) ++next_;
}

void DccpTalk::transfer(World& world) {
  if (world.chance(8)) return end(world);
  DccpFields fields;
  fields.type = world.one_of({dccp_type::data, dccp_type::ack, dccp_type::data_ack, dccp_type::data_ack,
                              dccp_type::sync, dccp_type::sync_ack});
  const bool short_numbers_do = fields.type <= dccp_type::data_ack;
  fields.extended = !short_numbers_do || world.chance(50);
  send(world, world.some_direction(), fields);
}

void DccpTalk::misbehave(World& world) {
  DccpFields fields;
  fields.type = static_cast<uint8_t>(world.below(world.chance(80) ? 10 : 16));
  fields.extended = world.chance(70);
  if (world.chance(15))
    fields.form = world.one_of({DccpFields::Form::low_offset, DccpFields::Form::high_offset});
  send(world, world.some_direction(), fields);
}

void DccpTalk::send(World& world, Direction who, const DccpFields& fields) {
  Packet packet = ends_.packet(who, protocol::dccp);
  packet.dccp = fields;
  if (!world.chance(4)) world.emit(packet, who);  // else it is lost before it comes to the filter
}

}  // namespace

std::unique_ptr<Talk> make_dccp_talk(World& world) { return std::make_unique<DccpTalk>(world); }

}  // namespace gate41::model
