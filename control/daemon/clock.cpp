#include "control/daemon/clock.hpp"

#include <array>
#include <fmt/core.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <utility>

#include "control/loop/udp_sender.hpp"

namespace gate41 {
namespace {

constexpr uint16_t kNtpPort = 123;

}  // namespace

Clock::Clock(Platform& platform, std::string interface)
    : platform_(platform), interface_(std::move(interface)), client_(random_seed()) {}

Clock::~Clock() { close(); }

void Clock::on_servers(std::optional<std::vector<Ipv4Address>> servers, TimePoint now) {
  client_.on_servers(std::move(servers), now);
  pump(now);
}

void Clock::on_timer(TimePoint now) {
  client_.on_timer(now);
  pump(now);
}

void Clock::pump(TimePoint now) {
  for (const sntp::Send& request : client_.take_requests()) ask(request);
  if (const auto wanted = client_.take_step()) step(wanted->by, now);
  if (client_.state() != sntp::State::asking) close();
}

// What can't be sent is not answered: the engine goes on to the next one.
void Clock::ask(const sntp::Send& request) {
  close();
  auto socket = loop::udp_question(interface_, request.server, kNtpPort);
  if (!socket) return log_info("clock: {}", socket.error().message);
  socket_ = std::move(*socket);
  platform_.loop.watch(socket_.get(), EPOLLIN,
                       [this, server = request.server](uint32_t) { on_readable(server); });
  if (::send(socket_.get(), request.packet.data(), request.packet.size(), 0) < 0)
    log_info("clock: {} cannot be asked", request.server.to_string());
}

void Clock::close() {
  if (socket_) platform_.loop.unwatch(socket_.get());
  socket_.reset();
}

void Clock::on_readable(Ipv4Address server) {
  std::array<uint8_t, 512> bytes{};
  const ssize_t got = ::recv(socket_.get(), bytes.data(), bytes.size(), 0);
  if (got < 0) return;  // ICMP says that nobody is there
  const TimePoint now = gate41::now();
  client_.on_packet(server, Bytes(bytes.data(), static_cast<std::size_t>(got)), now, machine_clock());
  pump(now);
}

void Clock::step(Duration by, TimePoint now) {
  const auto seconds = std::chrono::duration<double>(by).count();
  if (const auto moved = move_machine_clock(by); !moved)
    platform_.events.warn(now, "clock: " + moved.error().message);
  else
    platform_.events.add(now, fmt::format("clock: moved by {:+.3f} s", seconds));
}

}  // namespace gate41
