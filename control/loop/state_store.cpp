#include "control/loop/state_store.hpp"

#include <system_error>
#include <utility>

#include "control/loop/checked_file.hpp"
#include "dataplane/base/log.hpp"

namespace gate41::loop {

namespace fs = std::filesystem;

StateStore::StateStore(fs::path folder) : folder_(std::move(folder)) {
  std::error_code ignored;  // the first save says what is wrong
  if (fs::create_directories(folder_, ignored)) fs::permissions(folder_, fs::perms::owner_all, ignored);
}

void StateStore::save(const std::string& name, std::string_view text) {
  memory_[name] = text;
  const Result<void> written = write_checked(folder_, name, text);
  persistent_ = written.has_value();
  if (!written)
    warn_once("unwritable", "state: kept in memory only, a restart forgets it: " + written.error().message +
                                "; make the folder writable or set `state`");
}

std::optional<std::string> StateStore::load(const std::string& name) {
  if (const auto found = memory_.find(name); found != memory_.end()) return found->second;
  CheckedText found = read_checked(folder_, name);
  if (!found.trouble.empty()) warn_once(name, "state: " + found.trouble);
  if (!found.text) return std::nullopt;
  return memory_.insert_or_assign(name, std::move(*found.text)).first->second;
}

void StateStore::warn_once(const std::string& about, const std::string& text) {
  if (warned_.insert(about).second) log_warning("{}", text);
}

}  // namespace gate41::loop
