// A server with a fake view in a folder of its own, and clients at the other end of real sockets. Everything
// runs in one thread: waiting for something turns the loop, at most kPatience long.
#pragma once

#include <filesystem>
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <string>
#include <vector>

#include "control/loop/event_loop.hpp"
#include "control/operator/server.hpp"
#include "tests/unit/operator/fake_view.hpp"

namespace gate41::testing {

inline constexpr Duration kPatience = std::chrono::seconds(10);

// A client that reads only when asked to.
class Peer {
 public:
  explicit Peer(const std::string& path);
  void send(const std::string& bytes) const;
  void send_with_descriptor(const std::string& bytes, int descriptor) const;
  void ask(const std::string& command) const;  // a whole request of version 1
  void end_input() const;
  void hang_up() { fd_.reset(); }
  void read();  // what is there now
  bool closed() const { return closed_; }
  // The lines so far that came whole.
  std::vector<std::string> lines() const;
  // As JSON; a line that is none fails the test.
  std::vector<Json> values() const;
  bool answered() const;  // the last line is an end
  std::size_t received() const { return input_.size(); }

 private:
  loop::Fd fd_;
  std::string input_;
  bool closed_ = false;
};

class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

class Site {
 public:
  Site();
  Peer connect() const { return Peer(path); }
  // Turns the loop until `reached`; false: it was not within kPatience.
  bool until(const std::function<bool()>& reached);
  // Turns the loop while something happens at once.
  void settle();
  bool answered(Peer& peer);
  bool closed(Peer& peer);

  TempFolder folder;
  std::string path = folder / "gate41.sock";
  FakeView view;
  std::unique_ptr<loop::EventLoop> loop;
  std::unique_ptr<op::Server> server;
};

std::string error_of(const Json& end);

}  // namespace gate41::testing
