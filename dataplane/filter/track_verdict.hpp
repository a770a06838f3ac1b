// TrackVerdict: what following a connection says of a packet (tcp_tracking, sctp_tracking, dccp_tracking).
#pragma once

#include <cstdint>

namespace gate41 {

enum class TrackVerdict : uint8_t {
  pass,           // part of the connection: the timer starts anew
  pass_quietly,   // may pass, but keeps nothing alive
  pass_doubtful,  // an end that its receiver may take or challenge (RFC 5961 §3.2): the timer is short until
                  // the connection goes on
  refuse_invalid,   // what nobody sends who keeps to the protocol
  refuse_stranger,  // not of this connection: a sequence number out of the window, another tag
};

}  // namespace gate41
