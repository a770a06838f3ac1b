// Program: the real `gate41`, started with its output in pipes.
#pragma once

#include <string>
#include <sys/types.h>
#include <vector>

#include "tests/unit/operator/site.hpp"

namespace gate41::testing {

class Program {
 public:
  explicit Program(std::vector<std::string> arguments);
  ~Program();
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  bool ended();  // takes what it has printed meanwhile
  void interrupt() const;
  int exit_code() const { return exit_code_; }  // -1: by a signal, or not yet
  const std::string& output() const { return output_; }
  const std::string& errors() const { return errors_; }

 private:
  pid_t pid_ = -1;
  loop::Fd output_pipe_;
  loop::Fd errors_pipe_;
  std::string output_;
  std::string errors_;
  int exit_code_ = -1;
};

// Runs it against the site's server to its end.
void run(Site& site, Program& program);

}  // namespace gate41::testing
