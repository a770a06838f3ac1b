#include "control/tool/folder_watch.hpp"

#include <array>
#include <sys/inotify.h>
#include <unistd.h>

namespace gate41::tool {

FolderWatch::FolderWatch(const std::string& folder) : fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  ::inotify_add_watch(fd_.get(), folder.c_str(), IN_MODIFY | IN_MOVED_TO);
}

void FolderWatch::forget() const {
  std::array<char, 4096> events;
  while (::read(fd_.get(), events.data(), events.size()) > 0) {
  }
}

}  // namespace gate41::tool
