// Journal: where everything goes that this program and its children say: the bounded log, and, as long as no
// console runs that shows it, the kernel's console. What this program says itself is kept for the daemon,
// too, which may know a syslog server.
#pragma once

#include <string_view>

#include "appliance/init/bounded_log.hpp"
#include "control/loop/fd.hpp"

namespace gate41::appliance {

class Journal {
 public:
  explicit Journal(BoundedLog log);

  void add(std::string_view source, std::string_view line);
  // A line of this program.
  void say(std::string_view line);
  // From now on consoles show what there is to see.
  void leave_console() { on_console_ = false; }
  // A socket with the own lines, one a message, as they were said. Whoever reads it next gets those that
  // nobody has read, as many as a socket keeps.
  [[nodiscard]] int own_lines() const { return read_end_.get(); }

 private:
  BoundedLog log_;
  loop::Fd write_end_;
  loop::Fd read_end_;
  bool on_console_ = true;
};

}  // namespace gate41::appliance
