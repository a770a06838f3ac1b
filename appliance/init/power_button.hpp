// PowerButton: the ACPI power button (and a keyboard's), as the kernel's input devices tell it.
#pragma once

#include <filesystem>
#include <functional>
#include <map>

#include "control/loop/event_loop.hpp"
#include "control/loop/fd.hpp"

namespace gate41::appliance {

class PowerButton {
 public:
  // `folder`: /dev/input. `loop` outlives the object.
  PowerButton(loop::EventLoop& loop, std::filesystem::path folder, std::function<void()> on_press);
  ~PowerButton();
  PowerButton(const PowerButton&) = delete;
  PowerButton& operator=(const PowerButton&) = delete;

  // Opens what has appeared since: drivers find their devices when they like.
  void look();
  [[nodiscard]] bool found() const { return !devices_.empty(); }

 private:
  void read(const std::filesystem::path& path);

  loop::EventLoop& loop_;
  std::filesystem::path folder_;
  std::function<void()> on_press_;
  std::map<std::filesystem::path, loop::Fd> devices_;
};

}  // namespace gate41::appliance
