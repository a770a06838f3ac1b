#include "tests/unit/tool/program.hpp"

#include <array>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>

namespace gate41::testing {
namespace {

void drain(const loop::Fd& pipe, std::string& text) {
  std::array<char, 65536> bytes;
  for (ssize_t got = 0; (got = ::read(pipe.get(), bytes.data(), bytes.size())) > 0;)
    text.append(bytes.data(), static_cast<std::size_t>(got));
}

// The reading end does not block; the writing end becomes `number` in the program.
loop::Fd pipe_to(posix_spawn_file_actions_t& actions, int number, loop::Fd& write) {
  std::array<int, 2> ends{-1, -1};
  EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  EXPECT_EQ(::fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
  write.reset(ends[1]);
  EXPECT_EQ(::posix_spawn_file_actions_adddup2(&actions, ends[1], number), 0);
  return loop::Fd(ends[0]);
}

}  // namespace

Program::Program(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), GATE41_TOOL);
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  loop::Fd output;
  loop::Fd errors;
  output_pipe_ = pipe_to(actions, STDOUT_FILENO, output);
  errors_pipe_ = pipe_to(actions, STDERR_FILENO, errors);
  EXPECT_EQ(::posix_spawn(&pid_, GATE41_TOOL, &actions, nullptr, words.data(), environ), 0) << GATE41_TOOL;
  ::posix_spawn_file_actions_destroy(&actions);
}

Program::~Program() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool Program::ended() {
  int status = 0;
  const bool over = pid_ > 0 && ::waitpid(pid_, &status, WNOHANG) == pid_;
  drain(output_pipe_, output_);
  drain(errors_pipe_, errors_);
  if (!over) return pid_ <= 0;
  pid_ = -1;
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return true;
}

void Program::interrupt() const { ::kill(pid_, SIGINT); }

void run(Site& site, Program& program) {
  EXPECT_TRUE(site.until([&] { return program.ended(); })) << "the program does not end";
}

}  // namespace gate41::testing
