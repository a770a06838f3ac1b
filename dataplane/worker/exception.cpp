#include "dataplane/worker/exception.hpp"

namespace gate41 {

const char* name_of(ExceptionClass exception_class) {
  switch (exception_class) {
    case ExceptionClass::arp:
      return "arp";
    case ExceptionClass::dhcp:
      return "dhcp";
    case ExceptionClass::icmpv4_error:
      return "icmpv4_error";
    case ExceptionClass::host_v4:
      return "host_v4";
    case ExceptionClass::host_v6:
      return "host_v6";
    case ExceptionClass::nd:
      return "nd";
    case ExceptionClass::tunnel_nd:
      return "tunnel_nd";
    case ExceptionClass::ra:
      return "ra";
    case ExceptionClass::unresolved:
      return "unresolved";
    case ExceptionClass::unresolved_v4:
      return "unresolved_v4";
    case ExceptionClass::own_dropped:
      return "own_dropped";
    case ExceptionClass::count_:
      break;
  }
  return "unknown";
}

}  // namespace gate41
