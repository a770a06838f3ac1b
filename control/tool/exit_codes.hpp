// What `gate41` tells scripts.
#pragma once

namespace gate41::tool {

inline constexpr int kOk = 0;
inline constexpr int kRefused = 1;   // the daemon says no; health: it is not healthy; ping: nobody answers
inline constexpr int kUsage = 2;     // the command line is wrong
inline constexpr int kNoDaemon = 3;  // nobody answers at the socket, or not to the end

}  // namespace gate41::tool
