// All programs in one file, which is whichever it is called as: what they have in common is on a disk and in
// memory once.
#include <array>
#include <cstdio>
#include <string_view>

// The `main` of each (meson.build).
int gate41_main(int argc, char** argv);
int gate41d_main(int argc, char** argv);
int gate41_fetch_main(int argc, char** argv);
int gate41_init_main(int argc, char** argv);

namespace {

constexpr int kUsage = 2;

struct Program {
  std::string_view name;
  int (*run)(int argc, char** argv);
};
// The kernel calls PID 1 by its place, sbin/init.
constexpr std::array kPrograms{Program{"gate41", gate41_main}, Program{"gate41d", gate41d_main},
                               Program{"gate41-fetch", gate41_fetch_main},
                               Program{"gate41-init", gate41_init_main}, Program{"init", gate41_init_main}};

}  // namespace

int main(int argc, char** argv) {
  const std::string_view called = argc > 0 ? argv[0] : "";
  const std::string_view name = called.substr(called.rfind('/') + 1);
  for (const auto& [program, run] : kPrograms)
    if (name == program) return run(argc, argv);
  std::fputs("this file is gate41, gate41d, gate41-fetch and gate41-init: call it by one of these names\n",
             stderr);
  return kUsage;
}
