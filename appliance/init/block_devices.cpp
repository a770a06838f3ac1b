#include "appliance/init/block_devices.hpp"

#include <algorithm>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

#include "control/loop/fd.hpp"

namespace gate41::appliance {

namespace fs = std::filesystem;

std::vector<fs::path> block_devices(const fs::path& sys, const fs::path& dev) {
  std::vector<fs::path> devices;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(sys / "class/block", none))
    devices.push_back(dev / entry.path().filename());
  std::ranges::sort(devices);
  return devices;
}

// O_NONBLOCK: nobody waits for a CD to be put in.
std::string read_device(const fs::path& device, uint64_t offset, std::size_t size) {
  const loop::Fd fd(::open(device.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  std::string bytes(size, '\0');
  std::size_t got = 0;
  while (fd && got < size) {
    const ssize_t n = ::pread(fd.get(), bytes.data() + got, size - got, static_cast<off_t>(offset + got));
    if (n <= 0) break;
    got += static_cast<std::size_t>(n);
  }
  bytes.resize(got);
  return bytes;
}

}  // namespace gate41::appliance
