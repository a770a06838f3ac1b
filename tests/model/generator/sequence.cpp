#include "tests/model/generator/sequence.hpp"

#include "tests/model/generator/talk.hpp"

namespace gate41::model {
namespace {

std::unique_ptr<Talk> some_talk(World& world) {
  const uint64_t what = world.below(13);
  if (what >= 10 && world.has(Feature::dccp)) return make_dccp_talk(world);
  if (what >= 8 && world.has(Feature::sctp)) return make_sctp_talk(world);
  if (what < 1) return make_echo_talk(world);
  return what < 5 ? make_datagram_talk(world) : make_tcp_talk(world);
}

void step(World& world, std::vector<std::unique_ptr<Talk>>& talks) {
  const uint64_t what = world.below(1000);
  std::unique_ptr<Talk>& talk = talks[world.below(talks.size())];
  if (what < 70)
    emit_error(world);
  else if (what < 85)
    emit_icmpv6(world);
  else if (what < 95)
    emit_rest(world);
  else if (what < 98)
    world.change_policy();
  else if (what < 110)
    talk = some_talk(world);
  else
    talk->step(world);
}

}  // namespace

Sequence make_sequence(uint64_t seed, Features features, Time begin, std::size_t length) {
  World world(seed, features, begin);
  std::vector<std::unique_ptr<Talk>> talks;
  for (uint64_t many = 1 + world.below(12); many != 0; --many) talks.push_back(some_talk(world));
  while (world.sequence().size() < length) {
    step(world, talks);
    world.release();
    world.wait();
  }
  return world.take();
}

}  // namespace gate41::model
