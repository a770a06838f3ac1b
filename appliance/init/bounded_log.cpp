#include "appliance/init/bounded_log.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>
#include <utility>

namespace gate41::appliance {

BoundedLog::BoundedLog(std::filesystem::path file, std::size_t limit)
    : file_(std::move(file)), limit_(limit) {}

void BoundedLog::open() {
  if (fd_ && size_ > 0) {
    std::error_code ignored;
    std::filesystem::rename(file_, file_.string() + ".old", ignored);
  }
  fd_.reset(::open(file_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0640));
  size_ = 0;
}

void BoundedLog::add(TimePoint now, std::string_view source, std::string_view line) {
  const double seconds = std::chrono::duration<double>(now.time_since_epoch()).count();
  const std::string text = fmt::format("{:9.3f} {}: {}\n", seconds, source, line);
  if (!fd_ || size_ + text.size() > limit_) open();
  if (::write(fd_.get(), text.data(), text.size()) > 0) size_ += text.size();
}

}  // namespace gate41::appliance
