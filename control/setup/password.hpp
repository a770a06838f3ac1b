// The password of the appliance's console, as its data folder keeps it: hashed (yescrypt), so that who reads
// the file has to guess.
#pragma once

#include <filesystem>
#include <string>

#include "dataplane/base/result.hpp"

namespace gate41::setup {

class PasswordFile {
 public:
  explicit PasswordFile(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // A file that is broken beyond its last good copy counts as none: who can break it can delete it too.
  [[nodiscard]] bool is_set() const { return !hash().empty(); }
  [[nodiscard]] bool is(const std::string& password) const;
  // Empty: none from now on.
  Result<void> set(const std::string& password) const;

 private:
  [[nodiscard]] std::string hash() const;

  std::filesystem::path folder_;
};

}  // namespace gate41::setup
