// FolderWatch: tells that a file of a folder was written or replaced (inotify(7)).
#pragma once

#include <string>

#include "control/loop/fd.hpp"

namespace gate41::tool {

class FolderWatch {
 public:
  // A folder that isn't there has no changes.
  explicit FolderWatch(const std::string& folder);

  // Readable once something has changed.
  [[nodiscard]] int fd() const { return fd_.get(); }
  // From here on: something new.
  void forget() const;

 private:
  loop::Fd fd_;
};

}  // namespace gate41::tool
