#include "dataplane/filter/flow_entry.hpp"

namespace gate41 {

const char* name_of(FlowState state) {
  switch (state) {
    case FlowState::free:
      return "free";
    case FlowState::opening:
      return "opening";
    case FlowState::established:
      return "established";
    case FlowState::tcp_syn_sent:
      return "tcp_syn_sent";
    case FlowState::tcp_syn_received:
      return "tcp_syn_received";
    case FlowState::tcp_picked_up:
      return "tcp_picked_up";
    case FlowState::tcp_established:
      return "tcp_established";
    case FlowState::tcp_fin_wait:
      return "tcp_fin_wait";
    case FlowState::tcp_closing:
      return "tcp_closing";
    case FlowState::tcp_closed:
      return "tcp_closed";
    case FlowState::sctp_opening:
      return "sctp_opening";
    case FlowState::sctp_established:
      return "sctp_established";
    case FlowState::sctp_closing:
      return "sctp_closing";
    case FlowState::sctp_closed:
      return "sctp_closed";
    case FlowState::dccp_opening:
      return "dccp_opening";
    case FlowState::dccp_established:
      return "dccp_established";
    case FlowState::dccp_closing:
      return "dccp_closing";
    case FlowState::dccp_closed:
      return "dccp_closed";
    case FlowState::barred:
      return "barred";
    case FlowState::count_:
      break;
  }
  return "unknown";
}

std::optional<FlowState> flow_state_named(std::string_view name) {
  for (auto state = FlowState::opening; state != FlowState::count_;
       state = static_cast<FlowState>(static_cast<uint8_t>(state) + 1))
    if (name == name_of(state)) return state;
  return std::nullopt;
}

}  // namespace gate41
