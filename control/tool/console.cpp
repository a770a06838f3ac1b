#include "control/tool/console.hpp"

#include <csignal>
#include <cstdio>

#include "control/operator/protocol.hpp"
#include "control/tool/exit_codes.hpp"
#include "control/tool/text.hpp"

namespace gate41::tool {
namespace {

const Client* interrupted_client = nullptr;  // for the signal handler

}  // namespace

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }
void print_json(const nlohmann::json& line) { print(op::one_line(line) + '\n'); }
void complain(const std::string& text) { std::fprintf(stderr, "gate41: %s\n", printable(text).c_str()); }

int finish(const Ending& ending) {
  if (ending.exit_code != kOk) complain(ending.error);
  return ending.exit_code;
}

void end_on_interrupt(const Client& client) {
  interrupted_client = &client;
  struct sigaction action {};
  action.sa_handler = [](int) { interrupted_client->end_input(); };
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

}  // namespace gate41::tool
