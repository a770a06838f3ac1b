// This tool, started once more with another command.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

namespace gate41::tool {

enum class Outputs { shared, none };

class OwnProgram {
 public:
  OwnProgram() = default;
  ~OwnProgram();  // one that still runs is ended as by Ctrl-C
  OwnProgram(const OwnProgram&) = delete;
  OwnProgram& operator=(const OwnProgram&) = delete;

  // False: it can't be started.
  bool start(std::vector<std::string> arguments, Outputs outputs);
  void interrupt() const;
  // Whether it runs; once it does not, its exit code is known.
  bool running();
  void wait();
  [[nodiscard]] int exit_code() const { return exit_code_; }  // -1: it was killed

 private:
  bool collect(int options);

  pid_t pid_ = -1;
  int exit_code_ = -1;
};

}  // namespace gate41::tool
