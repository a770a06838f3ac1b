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
    case FlowState::count_:
      break;
  }
  return "unknown";
}

}  // namespace gate41
