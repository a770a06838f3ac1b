#include "control/tool/completion.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <vector>

namespace gate41::tool {
namespace {

using Words = std::vector<std::string>;

// In this order: patterns of all commands, a case with what each offers, what is offered everywhere.
constexpr std::string_view kScript = R"(# Completion of gate41 for bash; made by `gate41 completion bash`.
_gate41() {{
  local command= words= word
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case ${{command:+$command }}$word in
      {}) command=${{command:+$command }}$word ;;
    esac
  done
  case $command in
{}  esac
  mapfile -t COMPREPLY < <(compgen -W "$words {}" -- "${{COMP_WORDS[COMP_CWORD]}}")
}}
complete -o default -F _gate41 gate41
)";

std::vector<const CLI::App*> commands_of(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

Words names_of(const CLI::App& command) {
  Words names{command.get_name()};
  names.insert(names.end(), command.get_aliases().begin(), command.get_aliases().end());
  return names;
}

// Short ones are quicker typed than completed.
Words options_of(const CLI::App& app) {
  Words words;
  for (const CLI::Option* option : app.get_options())
    for (const std::string& name : option->get_lnames()) words.push_back("--" + name);
  return words;
}

Words offered_by(const CLI::App& app) {
  Words words;
  for (const CLI::App* command : commands_of(app))
    for (const std::string& name : names_of(*command)) words.push_back(name);
  return words;
}

// Of `app`, whose own words are `path` ("flows"; "" is the program), and of all below it.
void add_cases(const CLI::App& app, const std::string& path, Words& patterns, std::string& cases) {
  Words words = offered_by(app);
  if (!path.empty()) {
    patterns.push_back('"' + path + '"');
    for (std::string& option : options_of(app)) words.push_back(std::move(option));
  }
  cases += fmt::format("    \"{}\") words=\"{}\" ;;\n", path, fmt::join(words, " "));
  for (const CLI::App* command : commands_of(app))
    for (const std::string& name : names_of(*command))
      add_cases(*command, path.empty() ? name : path + ' ' + name, patterns, cases);
}

}  // namespace

std::string bash_completion(const CLI::App& app) {
  Words patterns;
  std::string cases;
  add_cases(app, "", patterns, cases);
  return fmt::format(kScript, fmt::join(patterns, " | "), cases, fmt::join(options_of(app), " "));
}

}  // namespace gate41::tool
