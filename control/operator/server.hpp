// Server: the daemon's end of the operator socket. Turns requests (protocol.hpp) into calls of the view and
// its answers into lines. A client that is slow, broken or gone costs bounded memory and time and disturbs
// nobody: a request a turn, output up to `max_unsent` bytes, kQuietLimit without a sign of life.
// Control thread.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>

#include "control/loop/event_loop.hpp"
#include "control/operator/connection.hpp"
#include "control/operator/request.hpp"
#include "control/operator/view.hpp"
#include "dataplane/base/clock.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::op {

class Server {
 public:
  static constexpr std::size_t kMaxClients = 16;
  static constexpr std::size_t kMaxUnsent = std::size_t{64} << 20U;
  static constexpr std::size_t kAhead = std::size_t{256} << 10U;  // bytes of a stream that wait for a client
  static constexpr Duration kQuietLimit = std::chrono::seconds(60);

  // Listens at `path` (listener.hpp has the rules). `view` and `loop` outlive the server.
  static Result<std::unique_ptr<Server>> open(const std::string& path, const std::string& group, View& view,
                                              loop::EventLoop& loop, std::size_t max_unsent = kMaxUnsent);
  // Ends a capture, hangs up on everybody, removes the socket.
  ~Server();
  // Another view answers from now on; of the one before nothing may be running.
  void show(View& view) { view_ = &view; }
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  // Every turn of the loop: ends captures that are over, cuts clients that are quiet for too long.
  void on_turn(TimePoint now);
  // When on_turn has something to do though no descriptor is ready; nullopt: never.
  std::optional<TimePoint> next_deadline() const;

 private:
  struct Client {
    Client(loop::Fd fd, std::size_t max_unsent) : connection(std::move(fd), max_unsent) {}
    enum class Doing { nothing, flows, capture, ping, trace };
    Connection connection;
    Doing doing = Doing::nothing;
    uint64_t run = 0;                      // of the ping or trace
    std::optional<uint32_t> watched;       // epoll events
    std::optional<TimePoint> quiet_since;  // set by the first turn after its last sign of life
    bool gone = false;
  };
  using ClientPtr = std::shared_ptr<Client>;

  Server(std::string path, loop::Fd listener, View& view, loop::EventLoop& loop, std::size_t max_unsent);
  void watch_listener();
  void on_connect();
  void welcome(loop::Fd fd);
  void on_ready(const ClientPtr& client, uint32_t events);
  void settle(const ClientPtr& client);
  void drop(const ClientPtr& client);

  void serve_next(const ClientPtr& client);
  void serve(const ClientPtr& client, const Request& request);
  void serve_flows(const ClientPtr& client, const Request& request);
  void serve_trace(const ClientPtr& client, const TraceRequest& request);
  void serve_pinhole(const ClientPtr& client, const Request& request);
  void serve_ping(const ClientPtr& client, const PingRequest& request);
  Stream stream_to(const ClientPtr& client);
  static ClientPtr living(const std::weak_ptr<Client>& client);
  void send_rows(const ClientPtr& client, const std::vector<Json>& rows);
  void end_stream(const ClientPtr& client);
  void serve_reload(const ClientPtr& client);
  void serve_drops(const ClientPtr& client, const Request& request);
  void serve_capture(const ClientPtr& client, const Request& request);
  void end_capture();
  void end_what_runs(const ClientPtr& client);
  void send(const ClientPtr& client, const Json& value);
  void end(const ClientPtr& client);
  void refuse(const ClientPtr& client, const std::string& error);
  void refuse_and_close(const ClientPtr& client, const std::string& error);

  std::string path_;
  loop::Fd listener_;
  View* view_;
  loop::EventLoop& loop_;
  std::size_t max_unsent_;
  std::unordered_map<int, ClientPtr> clients_;
  ClientPtr capturing_;                    // whose capture runs
  TimePoint turned_{};                     // last turn
  std::optional<TimePoint> accept_again_;  // while the process is out of descriptors
};

}  // namespace gate41::op
