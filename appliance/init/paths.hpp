// Where things are: below `/`, or below a folder of a test's.
#pragma once

#include <filesystem>

namespace gate41::appliance {

struct Paths {
  std::filesystem::path root = "/";

  [[nodiscard]] std::filesystem::path at(const char* path) const { return root / path; }
  [[nodiscard]] std::filesystem::path run() const { return at("run/gate41"); }
  [[nodiscard]] std::filesystem::path data() const { return at("data"); }
  [[nodiscard]] std::filesystem::path sys() const { return at("sys"); }
  [[nodiscard]] std::filesystem::path dev() const { return at("dev"); }
};

}  // namespace gate41::appliance
