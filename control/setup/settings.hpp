// Settings: all that the set-up changes.
#pragma once

#include <optional>
#include <string>

#include "control/setup/document.hpp"

namespace gate41::setup {

struct Settings {
  Document configuration;
  std::string login_file;     // where a broker's login is put
  std::string login;          // user:password, newly typed in; empty: it stays as it is
  std::string keymap;         // of the appliance's keyboard; empty: this machine's is not ours to change
  bool has_password = false;  // the appliance's console
  std::optional<std::string> new_password;  // newly typed in, empty: none any more; nullopt: as it is

  bool operator==(const Settings&) const = default;
};

}  // namespace gate41::setup
