#include "control/tool/diff.hpp"

#include <fmt/ranges.h>
#include <sstream>

#include "config/loader.hpp"
#include "control/setup/difference.hpp"
#include "control/tool/console.hpp"
#include "control/tool/exit_codes.hpp"
#include "control/tool/fields.hpp"
#include "control/tool/text.hpp"

namespace gate41::tool {
namespace {

// Nothing in a file steers the terminal.
std::string printable_lines(const std::string& lines) {
  std::string result;
  std::istringstream rest(lines);
  for (std::string line; std::getline(rest, line);) result += printable(line) + '\n';
  return result;
}

int refuse(const std::vector<config::Problem>& problems) {
  for (const config::Problem& problem : problems) complain(problem.to_string());
  return kUsage;
}

std::string named(const char* what, const std::vector<std::string>& keys) {
  return keys.empty() ? "" : fmt::format("{}: {}\n", what, fmt::join(keys, ", "));
}

void show(const std::string& lines, const config::Changes& changes, bool json) {
  if (json) return print_json({{"lines", lines}, {"reload", changes.live}, {"restart", changes.restart}});
  print(printable_lines(lines));
  print(named("A reload brings", changes.live));
  print(named("Only a restart brings", changes.restart));
}

}  // namespace

int run_diff(Client& client, const Options& options) {
  std::string text;
  const Ending ending = client.ask({{"command", "configuration"}}, -1, [&](const Json& value) {
    if (const Json& found = at(value, "text"); found.is_string()) text = found.get<std::string>();
  });
  if (ending.exit_code != kOk) return finish(ending);
  const auto wanted = config::load_file(options.file);
  if (!wanted) return refuse(wanted.error());
  const auto running = config::load_text(text, "the running configuration");
  if (!running) return refuse(running.error());  // of another version than this tool
  const config::Changes changes = config::changes(*running, *wanted);
  show(setup::difference(text, wanted->text), changes, options.json);
  return changes.live.empty() && changes.restart.empty() ? kOk : kRefused;
}

}  // namespace gate41::tool
