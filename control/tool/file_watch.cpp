#include "control/tool/file_watch.hpp"

#include <array>
#include <sys/inotify.h>
#include <unistd.h>
#include <utility>

namespace gate41::tool {

FileWatch::FileWatch(std::string path)
    : path_(std::move(path)), fd_(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)) {
  forget();
}

void FileWatch::forget() const {
  std::array<char, 4096> events;
  while (::read(fd_.get(), events.data(), events.size()) > 0) {
  }
  ::inotify_add_watch(fd_.get(), path_.c_str(), IN_MODIFY | IN_MOVE_SELF);
}

}  // namespace gate41::tool
