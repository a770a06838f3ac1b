// gate41: the operator's tool.
#include "control/tool/commands.hpp"

int main(int argc, char** argv) {
  const gate41::tool::CommandLine line = gate41::tool::parse_command_line(argc, argv);
  return line.options ? gate41::tool::run(*line.options) : line.exit_code;
}
