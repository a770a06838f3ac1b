#include "control/setup/places.hpp"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <iterator>
#include <system_error>

#include "control/loop/checked_file.hpp"
#include "control/loop/errno_text.hpp"
#include "control/loop/replace_file.hpp"
#include "control/setup/password.hpp"

namespace gate41::setup {
namespace {

namespace fs = std::filesystem;

constexpr const char* kConfiguration = "gate41.yaml";
constexpr const char* kKeymap = "keymap";
constexpr const char* kLogin = "broker";
constexpr const char* kUsualKeymap = "us";

Result<std::string> read_file(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return fail(file.string() + ": " + loop::errno_text());
  return std::string(std::istreambuf_iterator<char>(in), {});
}

Result<Settings> settings_of(const Result<std::string>& text, const fs::path& login_file) {
  if (!text) return tl::unexpected(text.error());
  auto document = Document::parse(*text);
  if (!document) return tl::unexpected(document.error());
  return Settings{.configuration = std::move(*document), .login_file = login_file, .login = "", .keymap = ""};
}

Result<void> write_login(const Settings& settings) {
  if (settings.login.empty()) return {};
  return loop::replace_file(settings.login_file, settings.login + '\n', loop::Predecessor::drop);
}

Result<void> write_password(const fs::path& data, const Settings& settings) {
  if (!settings.new_password) return {};
  return PasswordFile(data).set(*settings.new_password);
}

}  // namespace

Result<Settings> AppliancePlaces::read() const {
  const loop::CheckedText saved = loop::read_checked(data_, kConfiguration);
  Result<Settings> settings =
      settings_of(saved.text ? Result<std::string>(*saved.text) : read_file(given_), data_ / kLogin);
  if (!settings) return settings;
  settings->keymap = loop::read_checked(data_, kKeymap).text.value_or(kUsualKeymap);
  settings->has_password = PasswordFile(data_).is_set();
  return settings;
}

// The daemon reads what it was given again when it is asked to reload.
Result<void> AppliancePlaces::write(const Settings& settings) const {
  const std::string& text = settings.configuration.file();
  if (auto written = write_login(settings); !written) return written;
  if (auto written = write_password(data_, settings); !written) return written;
  if (auto written = loop::write_checked(data_, kKeymap, settings.keymap); !written) return written;
  if (auto written = loop::write_checked(data_, kConfiguration, text); !written) return written;
  return loop::replace_file(given_, text, loop::Predecessor::drop);
}

std::vector<std::string> AppliancePlaces::keymaps() const {
  std::vector<std::string> names;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(keymaps_, none))
    names.push_back(entry.path().filename().string());
  std::ranges::sort(names);
  return names;
}

Result<Settings> FilePlaces::read() const {
  return settings_of(read_file(file_), file_.parent_path() / kLogin);
}

Result<void> FilePlaces::write(const Settings& settings) const {
  if (auto written = write_login(settings); !written) return written;
  std::error_code none;  // then it is new
  const fs::perms mode = fs::status(file_, none).permissions();
  const std::string& text = settings.configuration.file();
  if (auto written = loop::replace_file(file_, text, loop::Predecessor::keep); !written) return written;
  if (mode != fs::perms::unknown) fs::permissions(file_, mode & fs::perms::mask, none);
  return {};
}

}  // namespace gate41::setup
