#include "tests/model/reference/icmpv6.hpp"

namespace gate41::model {

Kind kind_of(uint8_t type) {
  switch (type) {
    case 1:  // destination unreachable
    case 2:  // packet too big
    case 3:  // time exceeded
    case 4:  // parameter problem
      return Kind::error;
    case 128:
      return Kind::request;
    case 129:
      return Kind::reply;
    case 144:  // home agent address discovery request
    case 145:  // its reply
    case 146:  // mobile prefix solicitation
    case 147:  // its advertisement
      return Kind::generic;
    case 0:    // reserved, as the product has it: RFC 4443 names no message of that type
    case 100:  // private experimentation (RFC 4443 §2.1)
    case 101:
    case 127:  // reserved for expansion
    case 130:  // multicast listener query, report, done
    case 131:
    case 132:
    case 133:  // router solicitation, advertisement
    case 134:
    case 135:  // neighbour solicitation, advertisement
    case 136:
    case 137:  // redirect
    case 138:  // router renumbering
    case 139:  // node information query, response
    case 140:
    case 141:  // inverse neighbour discovery
    case 142:
    case 143:  // multicast listener report, version 2
    case 148:  // certification path solicitation, advertisement
    case 149:
    case 151:  // multicast router advertisement, solicitation, termination
    case 152:
    case 153:
    case 200:  // private experimentation
    case 201:
    case 255:  // reserved for expansion
      return Kind::never;
    default:
      return Kind::unallocated;
  }
}

}  // namespace gate41::model
