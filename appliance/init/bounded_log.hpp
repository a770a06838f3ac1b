// BoundedLog: the newest lines of what the machine's programs say. A file, and FILE.old before it, of at most
// `limit` bytes each, so that whoever wants to read them needs no protocol. Meant for a tmpfs: what can't be
// written is lost.
#pragma once

#include <filesystem>
#include <string_view>

#include "control/loop/fd.hpp"
#include "dataplane/base/clock.hpp"

namespace gate41::appliance {

class BoundedLog {
 public:
  BoundedLog(std::filesystem::path file, std::size_t limit);

  // As "   12.345 SOURCE: LINE", the time in seconds since the machine's start.
  void add(TimePoint now, std::string_view source, std::string_view line);

 private:
  void open();

  std::filesystem::path file_;
  std::size_t limit_;
  std::size_t size_ = 0;
  loop::Fd fd_;
};

}  // namespace gate41::appliance
