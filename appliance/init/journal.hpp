// Journal: where everything goes that this program and its children say: the bounded log, and, as long as no
// console runs that shows it, the kernel's console.
#pragma once

#include <string_view>

#include "appliance/init/bounded_log.hpp"

namespace gate41::appliance {

class Journal {
 public:
  explicit Journal(BoundedLog log) : log_(std::move(log)) {}

  void add(std::string_view source, std::string_view line);
  // From now on consoles show what there is to see.
  void leave_console() { on_console_ = false; }

 private:
  BoundedLog log_;
  bool on_console_ = true;
};

}  // namespace gate41::appliance
