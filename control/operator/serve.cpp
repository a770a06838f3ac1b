// Server: from a request to its answer.
#include "control/operator/protocol.hpp"
#include "control/operator/server.hpp"

namespace gate41::op {
namespace {

Json end_ok() { return {{"end", {{"ok", true}}}}; }

Json end_with(const std::string& error) { return {{"end", {{"ok", false}, {"error", error}}}}; }

}  // namespace

void Server::serve_next(const ClientPtr& client) {
  Connection& connection = client->connection;
  if (client->gone || connection.closing() || client->doing != Client::Doing::nothing) return;
  if (connection.unsent() > 0) return;  // the next answer comes when this one has been read
  if (connection.too_long())
    return refuse_and_close(client,
                            "the request is longer than " + std::to_string(kMaxRequestBytes) + " bytes");
  const auto line = connection.next_line();
  if (!line) return;
  const Result<Request> request = parse_request(*line);
  if (!request) return refuse_and_close(client, request.error().message);
  serve(client, *request);
}

void Server::serve(const ClientPtr& client, const Request& request) {
  if (request.flows) return serve_flows(client, request);
  if (request.ping) return serve_ping(client, *request.ping);
  if (request.trace) return serve_trace(client, *request.trace);
  if (request.pinhole || request.command == "pinhole_del") return serve_pinhole(client, request);
  if (request.command == "reload") return serve_reload(client);
  if (request.command == "drops") return serve_drops(client, request);
  if (request.command == "capture") return serve_capture(client, request);
  std::optional<Json> value;
  if (request.command == "routes")
    value = view_->routes(request.destination, request.count);
  else
    value = value_of(*view_, request.command);
  if (!value) return refuse_and_close(client, "unknown command `" + request.command + "`");
  send(client, *value);
  end(client);
}

// The view may push within its call or turns later, when the client or the server may be gone.
Stream Server::stream_to(const ClientPtr& client) {
  const std::weak_ptr<Client> weak = client;
  return {.rows =
              [this, weak](const std::vector<Json>& chunk) {
                if (const ClientPtr alive = living(weak)) send_rows(alive, chunk);
              },
          .done =
              [this, weak] {
                if (const ClientPtr alive = living(weak)) end_stream(alive);
              },
          .pace =
              [weak] {
                const ClientPtr alive = living(weak);
                if (!alive || alive->connection.closing()) return Pace::stop;
                return alive->connection.unsent() < kAhead ? Pace::go : Pace::wait;
              }};
}

void Server::serve_flows(const ClientPtr& client, const Request& request) {
  client->doing = Client::Doing::flows;
  const auto started = request.command == "flows" ? view_->flows(*request.flows, stream_to(client))
                                                  : view_->delete_flows(*request.flows, stream_to(client));
  if (!started) refuse(client, started.error().message);
}

void Server::serve_ping(const ClientPtr& client, const PingRequest& request) {
  const Stream stream = stream_to(client);
  const auto row = [rows = stream.rows](const Json& event) { rows({event}); };
  const auto run = view_->start_ping(request, row, stream.done);
  if (!run) return refuse(client, run.error().message);
  client->doing = Client::Doing::ping;
  client->run = *run;
  if (client->connection.input_ended()) view_->end_ping(*run);
}

void Server::serve_trace(const ClientPtr& client, const TraceRequest& request) {
  const auto run = view_->start_trace(request, stream_to(client));
  if (!run) return refuse(client, run.error().message);
  client->doing = Client::Doing::trace;
  client->run = *run;
  if (client->connection.input_ended()) view_->end_trace(*run);
}

void Server::serve_reload(const ClientPtr& client) {
  const auto changes = view_->reload();
  if (!changes) return refuse(client, changes.error().message);
  send(client, {{"changes", *changes}});
  end(client);
}

void Server::serve_pinhole(const ClientPtr& client, const Request& request) {
  if (request.pinhole) {
    const auto id = view_->open_pinhole(*request.pinhole);
    if (!id) return refuse(client, id.error().message);
    send(client, {{"id", *id}});
  } else if (const auto closed = view_->close_pinhole(request.id); !closed) {
    return refuse(client, closed.error().message);
  }
  end(client);
}

void Server::serve_drops(const ClientPtr& client, const Request& request) {
  const auto drops = view_->drops(request.reason, request.count);
  if (!drops) return refuse(client, drops.error().message);
  send(client, *drops);
  end(client);
}

void Server::serve_capture(const ClientPtr& client, const Request& request) {
  loop::Fd output = client->connection.take_descriptor();
  if (!output)
    return refuse(client, "capture needs a descriptor to write to, passed with the request (SCM_RIGHTS)");
  if (view_->capturing()) return refuse(client, "a capture is running already; one at a time");
  const auto started = view_->start_capture(output.release(), request.drops, request.count);
  if (!started) return refuse(client, started.error().message);
  client->doing = Client::Doing::capture;
  capturing_ = client;
  if (client->connection.input_ended()) view_->stop_capture();
}

void Server::end_capture() {
  const ClientPtr client = std::exchange(capturing_, nullptr);
  send(client, {{"captured", view_->captured()}});
  end(client);
  settle(client);
}

// Null: the client is gone, and with it perhaps the server.
Server::ClientPtr Server::living(const std::weak_ptr<Client>& client) {
  ClientPtr alive = client.lock();
  return alive && !alive->gone ? alive : nullptr;
}

void Server::send_rows(const ClientPtr& client, const std::vector<Json>& rows) {
  for (const Json& row : rows) send(client, row);
  settle(client);
}

void Server::end_stream(const ClientPtr& client) {
  end(client);
  settle(client);
}

void Server::send(const ClientPtr& client, const Json& value) {
  if (client->connection.closing()) return;
  if (!client->connection.send(one_line(value)))
    refuse_and_close(client, "the answer was cut: it is too long for a client that reads so slowly");
}

void Server::end(const ClientPtr& client) {
  client->doing = Client::Doing::nothing;
  send(client, end_ok());
}

void Server::refuse(const ClientPtr& client, const std::string& error) {
  client->doing = Client::Doing::nothing;
  send(client, end_with(error));
}

void Server::refuse_and_close(const ClientPtr& client, const std::string& error) {
  client->doing = Client::Doing::nothing;
  client->connection.send_last(one_line(end_with(error)));
}

}  // namespace gate41::op
