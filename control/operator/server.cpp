#include "control/operator/server.hpp"

#include <algorithm>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <system_error>
#include <utility>
#include <vector>

#include "control/operator/listener.hpp"
#include "dataplane/base/log.hpp"

namespace gate41::op {
namespace {

constexpr Duration kCapturePoll = std::chrono::milliseconds(100);
constexpr std::chrono::seconds kAcceptPause(1);

}  // namespace

Result<std::unique_ptr<Server>> Server::open(const std::string& path, const std::string& group, View& view,
                                             loop::EventLoop& loop, std::size_t max_unsent) {
  Result<loop::Fd> listener = listen_at(path, group);
  if (!listener) return tl::unexpected(listener.error());
  return std::unique_ptr<Server>(new Server(path, std::move(*listener), view, loop, max_unsent));
}

Server::Server(std::string path, loop::Fd listener, View& view, loop::EventLoop& loop, std::size_t max_unsent)
    : path_(std::move(path)),
      listener_(std::move(listener)),
      view_(&view),
      loop_(loop),
      max_unsent_(max_unsent) {
  watch_listener();
}

Server::~Server() {
  loop_.unwatch(listener_.get());
  while (!clients_.empty()) drop(ClientPtr(clients_.begin()->second));
  ::unlink(path_.c_str());
}

void Server::watch_listener() {
  loop_.watch(listener_.get(), EPOLLIN, [this](uint32_t) { on_connect(); });
}

void Server::on_connect() {
  loop::Fd fd(::accept4(listener_.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (fd) return welcome(std::move(fd));
  if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED) return;
  // Out of descriptors: the waiting client stays readable, so look away for a while instead of spinning.
  log_warning("operator: no new client for {} s: {}", kAcceptPause.count(),
              std::generic_category().message(errno));
  loop_.unwatch(listener_.get());
  accept_again_ = turned_ + kAcceptPause;
}

void Server::welcome(loop::Fd fd) {
  const auto client = std::make_shared<Client>(std::move(fd), max_unsent_);
  const bool room = clients_.size() < kMaxClients;
  clients_.emplace(client->connection.fd(), client);
  if (!room) refuse_and_close(client, "too many clients at once; try again when one has ended");
  settle(client);
}

void Server::on_ready(const ClientPtr& client, uint32_t events) {
  client->quiet_since.reset();
  if ((events & (EPOLLHUP | EPOLLERR)) != 0) return drop(client);
  if ((events & EPOLLIN) != 0) client->connection.receive();
  client->connection.flush();
  if (client->connection.input_ended()) end_what_runs(client);
  serve_next(client);
  settle(client);
}

// Sends what can be sent, then waits for what can happen next.
void Server::settle(const ClientPtr& client) {
  if (client->gone) return;
  Connection& connection = client->connection;
  connection.flush();
  const bool idle = client->doing == Client::Doing::nothing;
  const bool request_waits = idle && connection.line_waits() && !connection.closing();
  const bool over = connection.closing() || (idle && connection.input_ended() && !request_waits);
  if (connection.broken() || (over && connection.unsent() == 0)) return drop(client);

  // A socket that can be written to is also how a request that has been read already gets its turn.
  const uint32_t wanted = (connection.wants_input() ? uint32_t{EPOLLIN} : 0U) |
                          (connection.unsent() > 0 || request_waits ? uint32_t{EPOLLOUT} : 0U);
  if (client->watched == wanted) return;
  client->watched = wanted;
  loop_.watch(connection.fd(), wanted, [this, client = std::weak_ptr<Client>(client)](uint32_t events) {
    if (const ClientPtr alive = client.lock()) on_ready(alive, events);
  });
}

void Server::drop(const ClientPtr& client) {
  if (std::exchange(client->gone, true)) return;
  // NOLINTNEXTLINE(performance-unnecessary-copy-initialization): the caller's may be the one in clients_
  const ClientPtr last = client;
  end_what_runs(last);
  if (last == capturing_) capturing_.reset();
  loop_.unwatch(last->connection.fd());
  clients_.erase(last->connection.fd());
}

// What goes on for as long as its client wants it.
void Server::end_what_runs(const ClientPtr& client) {
  if (client == capturing_) view_->stop_capture();
  if (client->doing == Client::Doing::ping) view_->end_ping(client->run);
  if (client->doing == Client::Doing::trace) view_->end_trace(client->run);
}

void Server::on_turn(TimePoint now) {
  turned_ = now;
  if (accept_again_ && now >= *accept_again_) {
    accept_again_.reset();
    watch_listener();
  }
  if (capturing_ && !view_->capturing()) end_capture();
  std::vector<ClientPtr> quiet;
  for (const auto& [fd, client] : clients_) {
    // What the view still owes is not the client's silence.
    const bool clients_turn = client->doing == Client::Doing::nothing || client->connection.unsent() > 0;
    if (!clients_turn)
      client->quiet_since.reset();
    else if (!client->quiet_since)
      client->quiet_since = now;
    else if (now - *client->quiet_since >= kQuietLimit)
      quiet.push_back(client);
  }
  for (const ClientPtr& client : quiet) drop(client);
}

std::optional<TimePoint> Server::next_deadline() const {
  std::optional<TimePoint> next = accept_again_;
  const auto earlier = [&next](TimePoint t) { next = next ? std::min(*next, t) : t; };
  if (capturing_) earlier(turned_ + kCapturePoll);
  for (const auto& [fd, client] : clients_)
    if (client->quiet_since) earlier(*client->quiet_since + kQuietLimit);
  return next;
}

}  // namespace gate41::op
