// A folder of a test's own, which goes with it.
#pragma once

#include <filesystem>
#include <gtest/gtest.h>
#include <string>

namespace gate41::testing {

class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  // A file, with the folders above it.
  void put(const std::string& name, const std::string& text) const;
  void link(const std::string& name, const std::string& target) const;
  [[nodiscard]] std::string text(const std::string& name) const;

 private:
  std::filesystem::path path_;
};

}  // namespace gate41::testing
