#include "appliance/init/status_board.hpp"

#include <fstream>
#include <system_error>

namespace gate41::appliance {

void StatusBoard::set(const std::string& component, bool ok, const std::string& sentence) {
  const State state{ok, sentence};
  const auto [place, fresh] = states_.try_emplace(component, state);
  if (!fresh && place->second == state) return;
  place->second = state;
  write();
}

std::string StatusBoard::text() const {
  std::string lines;
  for (const auto& [component, state] : states_)
    lines += component + '\t' + (state.ok ? "ok" : "bad") + '\t' + state.sentence + '\n';
  return lines;
}

void StatusBoard::write() const {
  const std::filesystem::path fresh = file_.string() + ".new";
  std::ofstream(fresh) << text();
  std::error_code ignored;  // a tmpfs; without it the console has nothing to show
  std::filesystem::rename(fresh, file_, ignored);
}

}  // namespace gate41::appliance
