// FileWatch: tells that a file was written to, or renamed (inotify(7)). Another one in its place is watched
// from forget() on.
#pragma once

#include <string>

#include "control/loop/fd.hpp"

namespace gate41::tool {

class FileWatch {
 public:
  // One that isn't there has no changes.
  explicit FileWatch(std::string path);

  // Readable once it has changed.
  [[nodiscard]] int fd() const { return fd_.get(); }
  // From here on: something new.
  void forget() const;

 private:
  std::string path_;
  loop::Fd fd_;
};

}  // namespace gate41::tool
