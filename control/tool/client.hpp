// Client: the tool's end of the operator socket (control/operator/protocol.hpp). Blocking.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "control/loop/fd.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::tool {

// How an exchange ended.
struct Ending {
  int exit_code = 0;  // exit_codes.hpp
  std::string error;  // empty: none
};

// How long the daemon may be silent: 1 s, where the question comes again anyway; 30 s; or, as it waits
// itself, as long as it likes.
enum class Patience { brief, usual, endless };

class Client {
 public:
  using OnLine = std::function<void(const nlohmann::json&)>;

  // The error says which socket was tried and what to do. A daemon that lets more and more clients wait takes
  // no further one: neither is that waited for longer than `patience`, which has an end here.
  static Result<Client> connect(const std::string& path, Patience patience = Patience::usual);

  // Sends `request` (without version), with `descriptor` if it is one, and hands every line of the answer to
  // `on_line`. A daemon that is silent for longer than `patience` counts as gone.
  Ending ask(nlohmann::json request, int descriptor, const OnLine& on_line,
             Patience patience = Patience::usual);

  // Says that nothing more will be asked, which ends a capture, a ping, a traceroute. Safe in a signal
  // handler.
  void end_input() const noexcept;

 private:
  explicit Client(loop::Fd fd) : fd_(std::move(fd)) {}
  bool send(const std::string& line, int descriptor) const;
  std::optional<std::string> next_line(int timeout_ms);  // nullopt: the daemon hung up or is silent

  loop::Fd fd_;
  std::string input_;
  std::size_t taken_ = 0;     // of input_, by lines before
  std::size_t searched_ = 0;  // no line end from taken_ up to here
};

}  // namespace gate41::tool
