#include "control/tool/own_program.hpp"

#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace gate41::tool {

OwnProgram::~OwnProgram() {
  interrupt();
  wait();
}

bool OwnProgram::start(std::vector<std::string> arguments, Outputs outputs) {
  arguments.insert(arguments.begin(), "gate41");
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  if (outputs == Outputs::none)
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
      ::posix_spawn_file_actions_addopen(&actions, fd, "/dev/null", O_RDWR, 0);
  const int error = ::posix_spawn(&pid_, "/proc/self/exe", &actions, nullptr, words.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (error != 0) pid_ = -1;
  return error == 0;
}

void OwnProgram::interrupt() const {
  if (pid_ > 0) ::kill(pid_, SIGINT);
}

bool OwnProgram::running() { return pid_ > 0 && !collect(WNOHANG); }

void OwnProgram::wait() {
  if (pid_ > 0) collect(0);
}

bool OwnProgram::collect(int options) {
  int status = 0;
  if (::waitpid(pid_, &status, options) != pid_) return false;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  pid_ = -1;
  return true;
}

}  // namespace gate41::tool
