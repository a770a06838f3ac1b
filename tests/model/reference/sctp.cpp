#include "tests/model/reference/sctp.hpp"

namespace gate41::model {
namespace {

// §8.5.1: with the T bit they carry the tag of the packets that they answer.
bool reflects(const SctpFields& packet) {
  return packet.t && (packet.chunk == chunk::abort || packet.chunk == chunk::shutdown_complete);
}

}  // namespace

bool well_formed(const SctpFields& packet, bool cut) {
  using Form = SctpFields::Form;
  if (packet.form == Form::no_chunk || packet.form == Form::short_chunk) return false;
  if (packet.form == Form::cut && !cut) return false;
  const bool alone = packet.chunk == chunk::init || packet.chunk == chunk::init_ack ||
                     packet.chunk == chunk::shutdown_complete;
  if (alone && packet.second) return false;
  if (packet.chunk != chunk::init) return true;
  return packet.tag == 0 && packet.initiate != 0 && packet.form != Form::bare;
}

bool is_from_the_middle(const SctpFields& packet) {
  switch (packet.chunk) {
    case chunk::init:
    case chunk::init_ack:
    case chunk::abort:
    case chunk::error:
    case chunk::shutdown_ack:
    case chunk::shutdown_complete:
    case chunk::cookie_ack:
      return false;
    default:
      return true;
  }
}

Association::Association(const SctpFields& packet, Direction sender)
    : picked_up_(packet.chunk != chunk::init) {
  if (!picked_up_) {
    end_of(opposite(sender)).tag = packet.initiate;
    return;
  }
  end_of(sender).tag = packet.tag;
  move_on(packet, sender);
}

Judgement Association::judge(const SctpFields& packet, Direction sender) {
  if (packet.chunk == chunk::init) return on_init(packet, sender);
  switch (fit(packet, sender)) {
    case Fit::none:
      return Judgement::bad_tag;
    case Fit::aside:
      return on_aside(packet, sender);
    case Fit::current:
      break;
  }
  if (packet.chunk == chunk::init_ack)
    on_init_ack(packet, sender);
  else
    move_on(packet, sender);
  return Judgement::pass;
}

// Anyone can send an INIT, and then knows the tag that is aside: until the handshake succeeds it ends nothing
// and keeps nothing alive.
Judgement Association::on_aside(const SctpFields& packet, Direction sender) {
  switch (packet.chunk) {
    case chunk::abort:
    case chunk::shutdown_complete:
      return Judgement::pass_quietly;
    case chunk::init_ack:
      end_of(opposite(sender)).aside = packet.initiate;
      return Judgement::pass_quietly;
    case chunk::cookie_echo:
      take_aside();
      break;
    default:
      // Both have opened it at once, and the answer that names this tag was lost before it came here.
      if (end_of(sender).tag) return Judgement::pass_quietly;
      end_of(sender).tag = packet.tag;
  }
  move_on(packet, sender);
  return Judgement::pass;
}

// §5.2.1, §5.2.2: sent again, both at once, or one of them has lost its memory.
Judgement Association::on_init(const SctpFields& packet, Direction sender) {
  if (state_ == State::closed) return Judgement::new_connection;
  end_of(opposite(sender)).aside = packet.initiate;
  return Judgement::pass_quietly;
}

Association::Fit Association::fit(const SctpFields& packet, Direction sender) {
  End& whose = end_of(reflects(packet) ? opposite(sender) : sender);
  if (picked_up_ && !whose.tag && !reflects(packet)) whose.tag = packet.tag;
  if (whose.tag == packet.tag) return Fit::current;
  return whose.aside == packet.tag ? Fit::aside : Fit::none;
}

// §5.1: each INIT is answered with a tag of its own, and which of them counts the cookie will say.
void Association::on_init_ack(const SctpFields& packet, Direction sender) {
  End& other = end_of(opposite(sender));
  (other.tag ? other.aside : other.tag) = packet.initiate;
}

// §5.2.4: the handshake within the association has succeeded.
void Association::take_aside() {
  for (End& end : ends_) {
    if (end.aside) end.tag = end.aside;
    end.aside.reset();
  }
  if (state_ == State::established) return;
  state_ = State::opening;
  for (End& end : ends_) end.spoke = false;
}

void Association::move_on(const SctpFields& packet, Direction sender) {
  if (state_ == State::closed) return;
  switch (packet.chunk) {
    case chunk::abort:
    case chunk::shutdown_complete:
      state_ = State::closed;
      return;
    case chunk::shutdown:
    case chunk::shutdown_ack:
      state_ = State::closing;
      return;
    case chunk::cookie_echo:
    case chunk::cookie_ack:
      cookie_ = true;
      break;
    default:
      break;
  }
  end_of(sender).spoke = true;
  const bool both = ends_[0].spoke && ends_[1].spoke;
  if (state_ == State::opening && both && (cookie_ || picked_up_)) state_ = State::established;
}

}  // namespace gate41::model
