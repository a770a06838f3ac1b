#include "tests/model/reference/dccp.hpp"

namespace gate41::model {

bool well_formed(const DccpFields& packet) {
  const bool short_numbers_do = packet.type >= dccp_type::data && packet.type <= dccp_type::data_ack;
  return packet.type <= dccp_type::sync_ack && (packet.extended || short_numbers_do) &&
         packet.form == DccpFields::Form::good;
}

bool is_from_the_middle(const DccpFields& packet) {
  return packet.type == dccp_type::data || packet.type == dccp_type::ack ||
         packet.type == dccp_type::data_ack;
}

DccpConnection::DccpConnection(const DccpFields& packet, Direction sender) : opener_(sender) {
  move_on(packet, sender);
}

Judgement DccpConnection::judge(const DccpFields& packet, Direction sender) {
  if (packet.type == dccp_type::reset) {
    if (state_ != State::reset) seen_ = {};  // nor do many of them hold the connection down
    state_ = State::reset;
    return Judgement::pass_in_doubt;
  }
  if (state_ == State::reset) return after_reset(packet, sender);
  move_on(packet, sender);
  return Judgement::pass;
}

// It may have been forged: then both go on.
Judgement DccpConnection::after_reset(const DccpFields& packet, Direction sender) {
  if (packet.type == dccp_type::request) return Judgement::new_connection;
  if (!is_from_the_middle(packet)) return Judgement::pass_quietly;
  seen_[static_cast<std::size_t>(sender)] = true;
  if (!seen_[0] || !seen_[1]) return Judgement::pass_quietly;
  state_ = State::established;
  return Judgement::pass;
}

void DccpConnection::move_on(const DccpFields& packet, Direction sender) {
  seen_[static_cast<std::size_t>(sender)] = true;
  switch (packet.type) {
    case dccp_type::close:
    case dccp_type::close_req:
      state_ = State::closing;
      return;
    case dccp_type::request:
    case dccp_type::response:
      break;
    default:
      opener_goes_on_ = opener_goes_on_ || sender == opener_;
  }
  if (state_ == State::opening && seen_[0] && seen_[1] && opener_goes_on_) state_ = State::established;
}

}  // namespace gate41::model
