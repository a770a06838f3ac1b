// Where the set-up finds the settings and puts the new ones, so that a power cut leaves the old ones or the
// new.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "control/setup/settings.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::setup {

class Places {
 public:
  virtual ~Places() = default;
  [[nodiscard]] virtual Result<Settings> read() const = 0;
  virtual Result<void> write(const Settings& settings) const = 0;
  [[nodiscard]] virtual std::vector<std::string> keymaps() const { return {}; }
};

// The appliance: checked files in its data folder; while there is no configuration there, what the daemon was
// given.
class AppliancePlaces : public Places {
 public:
  AppliancePlaces(std::filesystem::path data, std::filesystem::path given, std::filesystem::path keymaps)
      : data_(std::move(data)), given_(std::move(given)), keymaps_(std::move(keymaps)) {}
  [[nodiscard]] Result<Settings> read() const override;
  Result<void> write(const Settings& settings) const override;
  [[nodiscard]] std::vector<std::string> keymaps() const override;

 private:
  std::filesystem::path data_;
  std::filesystem::path given_;
  std::filesystem::path keymaps_;
};

// Another machine: the daemon's file. The one before stays as FILE.old.
class FilePlaces : public Places {
 public:
  explicit FilePlaces(std::filesystem::path file) : file_(std::move(file)) {}
  [[nodiscard]] Result<Settings> read() const override;
  Result<void> write(const Settings& settings) const override;

 private:
  std::filesystem::path file_;
};

}  // namespace gate41::setup
