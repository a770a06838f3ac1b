#include "appliance/init/machine.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fmt/core.h>
#include <net/if.h>
#include <sstream>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "appliance/init/data_partition.hpp"
#include "appliance/init/nics.hpp"
#include "appliance/init/small_file.hpp"
#include "control/loop/errno_text.hpp"

namespace gate41::appliance {
namespace {

namespace fs = std::filesystem;

struct Mount {
  const char* type;
  const char* target;
  unsigned long flags;
  const char* options;
};
constexpr unsigned long kPlain = MS_NOSUID | MS_NOEXEC;
constexpr std::array kMounts = {
    Mount{"proc", "/proc", kPlain | MS_NODEV, ""},
    Mount{"sysfs", "/sys", kPlain | MS_NODEV, ""},
    Mount{"devtmpfs", "/dev", MS_NOSUID, ""},
    Mount{"tmpfs", "/run", MS_NOSUID | MS_NODEV, "mode=0755,size=8m"},
    Mount{"tmpfs", "/tmp", kPlain | MS_NODEV, "mode=1777,size=4m"},
    Mount{"hugetlbfs", "/dev/hugepages", kPlain | MS_NODEV, ""},
};

// The image lists them in the order in which they need each other; a kernel without modules has no list.
void load_modules(const Paths& paths, Journal& journal) {
  std::istringstream list(read_file(paths.at("etc/gate41/modules")).value_or(""));
  for (std::string path; std::getline(list, path);) {
    const loop::Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (::syscall(SYS_finit_module, file.get(), "", 0) != 0 && errno != EEXIST)
      journal.say("<4>" + path + ": " + loop::errno_text());
  }
}

// A journalled file system mends itself when it is mounted.
Result<fs::path> mount_partition(const Paths& paths) {
  const auto device = find_partition(paths.sys(), paths.dev(), kDataLabel);
  if (!device) return fail(fmt::format("no partition has the label {}", kDataLabel));
  if (::mount(device->c_str(), paths.data().c_str(), "ext4", kPlain | MS_NODEV | MS_NOATIME,
              "errors=remount-ro") != 0)
    return fail(device->string() + " cannot be mounted: " + loop::errno_text());
  return *device;
}

void mount_data(const Paths& paths, Journal& journal, StatusBoard& board) {
  const Result<fs::path> device = mount_partition(paths);
  std::string sentence;
  if (device) {
    sentence = device->string() + " keeps the configuration and what was learnt";
  } else {
    ::mount("tmpfs", paths.data().c_str(), "tmpfs", kPlain | MS_NODEV, "mode=0700,size=4m");
    sentence = device.error().message + "; what is saved is lost when the machine goes down";
  }
  ::mkdir((paths.data() / "state").c_str(), 0700);  // the daemon's, which the image has a link to
  board.set("data", device.has_value(), sentence);
  journal.say((device ? "data: " : "<4>data: ") + sentence);
}

// Of a card that DPDK doesn't get.
std::string left_to_kernel(const Nic& nic) {
  if (nic.interface.empty())
    return describe(nic) + ": no driver here knows it; take the image with Debian's kernel";
  return describe(nic) + ": the kernel keeps it as " + nic.interface + ", which is slower";
}

// A card that is down receives nothing.
void bring_up(const std::string& interface) {
  const loop::Fd fd(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  ifreq request{};
  interface.copy(request.ifr_name, sizeof request.ifr_name - 1);
  request.ifr_flags = IFF_UP;
  ::ioctl(fd.get(), SIOCSIFFLAGS, &request);
}

std::vector<std::string> hand_over_nics(const Paths& paths, Journal& journal, StatusBoard& board) {
  // No IOMMU: this must be set before a card is bound.
  static_cast<void>(write_into(paths.sys() / "module/vfio/parameters/enable_unsafe_noiommu_mode", "Y"));
  const std::string known = read_file(paths.at("etc/gate41/nics")).value_or("");
  std::vector<std::string> kept;
  std::string sentence;
  bool all = true;
  for (Nic& nic : find_nics(paths.sys())) {
    const bool taken = is_known(nic, known) && hand_over(paths.sys(), nic);
    all = all && taken;
    sentence += (sentence.empty() ? "" : "; ") + (taken ? describe(nic) : left_to_kernel(nic));
    if (taken || nic.interface.empty()) continue;
    bring_up(nic.interface);
    kept.push_back(packet_device(nic, kept.size()));
  }
  if (sentence.empty()) sentence = "the machine has no network card";
  board.set("cards", all && sentence.find("no network card") == std::string::npos, sentence);
  journal.say("cards: " + sentence);
  return kept;
}

// What still runs keeps the data partition busy. Who can't die is not waited for.
void reap_all() {
  const TimePoint limit = now() + std::chrono::milliseconds(100);
  for (pid_t pid = 0; now() < limit && (pid = ::waitpid(-1, nullptr, WNOHANG)) >= 0;)
    if (pid == 0) ::usleep(1000);
}

}  // namespace

void mount_kernel_folders() {
  for (const Mount& mount : kMounts) {
    ::mkdir(mount.target, 0755);  // there already but below /dev and /run
    ::mount(mount.type, mount.target, mount.type, mount.flags, mount.options);
  }
}

std::vector<std::string> set_up_machine(const Paths& paths, Journal& journal, StatusBoard& board) {
  constexpr std::string_view kName = "gate41";
  ::sethostname(kName.data(), kName.size());
  ::reboot(RB_DISABLE_CAD);  // Ctrl-Alt-Del is a signal to us
  load_modules(paths, journal);
  mount_data(paths, journal, board);
  static_cast<void>(write_into(paths.at("proc/sys/kernel/printk"), "1"));  // the consoles are the programs'
  let_kernel_rest(paths);
  return hand_over_nics(paths, journal, board);
}

void let_kernel_rest(const Paths& paths) {
  static_cast<void>(write_into(paths.at("proc/sys/vm/compaction_proactiveness"), "0"));
  static_cast<void>(write_into(paths.at("proc/sys/vm/stat_interval"), "60"));
}

void end_machine(Ending ending) {
  ::kill(-1, SIGKILL);
  reap_all();
  ::sync();
  if (::umount2("/data", 0) != 0) ::mount(nullptr, "/data", nullptr, MS_REMOUNT | MS_RDONLY, nullptr);
  ::reboot(ending == Ending::restart ? RB_AUTOBOOT : RB_POWER_OFF);
  ::_exit(1);  // the kernel panics, and says so
}

}  // namespace gate41::appliance
