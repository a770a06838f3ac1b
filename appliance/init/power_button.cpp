#include "appliance/init/power_button.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <linux/input.h>
#include <sys/epoll.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace gate41::appliance {
namespace {

namespace fs = std::filesystem;

constexpr int kPressed = 1;  // 0: released, 2: held

}  // namespace

PowerButton::PowerButton(loop::EventLoop& loop, fs::path folder, std::function<void()> on_press)
    : loop_(loop), folder_(std::move(folder)), on_press_(std::move(on_press)) {
  look();
}

PowerButton::~PowerButton() {
  for (const auto& [path, fd] : devices_) loop_.unwatch(fd.get());
}

void PowerButton::look() {
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(folder_, none)) {
    const fs::path& path = entry.path();
    if (!path.filename().string().starts_with("event") || devices_.contains(path)) continue;
    loop::Fd fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (!fd) continue;
    loop_.watch(fd.get(), EPOLLIN, [this, path](uint32_t) { read(path); });
    devices_.emplace(path, std::move(fd));
  }
}

void PowerButton::read(const fs::path& path) {
  std::array<input_event, 16> events;
  const auto device = devices_.find(path);
  const ssize_t got = ::read(device->second.get(), events.data(), sizeof events);
  if (got == 0 || (got < 0 && errno != EAGAIN)) {  // unplugged
    loop_.unwatch(device->second.get());
    devices_.erase(device);
    return;
  }
  const auto count = static_cast<std::size_t>(std::max<ssize_t>(got, 0)) / sizeof(input_event);
  for (std::size_t i = 0; i < count; ++i)
    if (events[i].type == EV_KEY && events[i].code == KEY_POWER && events[i].value == kPressed) on_press_();
}

}  // namespace gate41::appliance
