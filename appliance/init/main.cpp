// gate41-init: PID 1 of the appliance. Elsewhere (`--root DIR`, for tests) it does the same with the programs
// and files below DIR, and leaves the machine alone.
#include <cstdio>
#include <cstring>
#include <unistd.h>

#include "appliance/init/machine.hpp"
#include "appliance/init/supervisor.hpp"

namespace gate41::appliance {
namespace {

constexpr std::size_t kLogBytes = 128 * 1024;
constexpr int kUsage = 2;

int run(const Paths& paths, bool whole_machine) {
  if (whole_machine) mount_kernel_folders();
  std::error_code ignored;  // nothing could be told either
  std::filesystem::create_directories(paths.run(), ignored);
  Journal journal(BoundedLog(paths.run() / "log", kLogBytes));
  StatusBoard board(paths.run() / "init.status");
  std::vector<std::string> devices;
  if (whole_machine) devices = set_up_machine(paths, journal, board);
  auto loop = loop::EventLoop::create();
  if (!loop) return std::fprintf(stderr, "gate41-init: %s\n", loop.error().message.c_str()), 1;
  const Ending ending = Supervisor(**loop, paths, devices, journal, board).run();
  if (whole_machine) end_machine(ending);
  return 0;
}

}  // namespace
}  // namespace gate41::appliance

int main(int argc, char** argv) {
  using gate41::appliance::Paths;
  // The kernel gives PID 1 words of its command line that it does not know itself.
  if (::getpid() == 1) return gate41::appliance::run(Paths{}, true);
  if (argc == 3 && std::strcmp(argv[1], "--root") == 0) return gate41::appliance::run(Paths{argv[2]}, false);
  std::fputs("usage: gate41-init --root DIR\n", stderr);
  return gate41::appliance::kUsage;
}
