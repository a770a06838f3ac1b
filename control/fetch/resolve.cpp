#include "control/fetch/resolve.hpp"

#include <algorithm>
#include <ares.h>
#include <arpa/inet.h>
#include <array>
#include <memory>
#include <sys/select.h>

namespace gate41::fetch {
namespace {

struct Lookup {
  int status = ARES_ETIMEOUT;
  std::string address;
};

void on_answer(void* context, int status, int, ares_addrinfo* answer) {
  auto& lookup = *static_cast<Lookup*>(context);
  lookup.status = status;
  if (answer == nullptr) return;
  for (const ares_addrinfo_node* node = answer->nodes; node != nullptr; node = node->ai_next) {
    if (node->ai_family != AF_INET || !lookup.address.empty()) continue;
    std::array<char, INET_ADDRSTRLEN> text{};
    const auto* address = reinterpret_cast<const sockaddr_in*>(node->ai_addr);
    lookup.address = ::inet_ntop(AF_INET, &address->sin_addr, text.data(), text.size());
  }
  ares_freeaddrinfo(answer);
}

std::string joined(const std::vector<std::string>& servers) {
  std::string csv;
  for (const std::string& server : servers) csv += (csv.empty() ? "" : ",") + server;
  return csv;
}

// Until the answer or the last try's time-out.
void wait(ares_channel channel) {
  for (;;) {
    fd_set read;
    fd_set write;
    FD_ZERO(&read);
    FD_ZERO(&write);
    const int count = ares_fds(channel, &read, &write);
    if (count == 0) return;
    timeval room{};
    ::select(count, &read, &write, nullptr, ares_timeout(channel, nullptr, &room));
    ares_process(channel, &read, &write);
  }
}

using Channel = std::unique_ptr<ares_channeldata, decltype(&ares_destroy)>;

Result<Channel> open_channel(const std::vector<std::string>& servers, std::chrono::milliseconds timeout) {
  ares_options options{};
  options.tries = 2;
  // The second try waits twice as long as the first: three parts, for each server.
  options.timeout =
      static_cast<int>(timeout.count() / 3 / static_cast<int>(std::max<std::size_t>(servers.size(), 1)));
  ares_channel raw = nullptr;
  if (const int status = ares_init_options(&raw, &options, ARES_OPT_TRIES | ARES_OPT_TIMEOUTMS);
      status != ARES_SUCCESS)
    return fail(ares_strerror(status));
  Channel channel(raw, ares_destroy);
  if (const int status = ares_set_servers_ports_csv(raw, joined(servers).c_str()); status != ARES_SUCCESS)
    return fail(joined(servers) + ": not addresses of name servers");
  return channel;
}

}  // namespace

Result<std::string> resolve(const std::string& host, const std::vector<std::string>& servers,
                            std::chrono::milliseconds timeout) {
  const Result<Channel> channel = open_channel(servers, timeout);
  if (!channel) return tl::unexpected(channel.error());
  ares_addrinfo_hints hints{};
  hints.ai_family = AF_INET;
  Lookup lookup;
  ares_getaddrinfo(channel->get(), host.c_str(), nullptr, &hints, on_answer, &lookup);
  wait(channel->get());
  if (lookup.status != ARES_SUCCESS)
    return fail("no address of " + host + " from " + joined(servers) + ": " + ares_strerror(lookup.status));
  if (lookup.address.empty()) return fail(host + " has no IPv4 address");
  return lookup.address;
}

}  // namespace gate41::fetch
