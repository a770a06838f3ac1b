// gate41-fetch: gets a URL over IPv4 and prints the first line of the answer. Started by gate41d for what
// must not block it: name look-up, TLS, slow servers. Exit codes: 0 the line is on standard output, 1 there
// is none and standard output says why, 2 usage. Credentials come by an open descriptor: arguments and
// environment can be read by others.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <optional>
#include <string>
#include <sys/prctl.h>
#include <unistd.h>
#include <utility>

#include "control/fetch/fetch.hpp"

namespace {

constexpr int kNoLine = 1;
constexpr int kUsage = 2;

// The limit of everything together, also of the name look-up, which knows no limit of its own.
void limit_time(std::chrono::seconds limit) {
  const auto too_late = [](int) {
    constexpr std::string_view text = "no answer within the time limit\n";
    [[maybe_unused]] const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    ::_exit(kNoLine);
  };
  std::signal(SIGALRM, too_late);
  ::alarm(static_cast<unsigned>(limit.count()));
}

bool print(const std::string& line) {
  return std::printf("%s\n", line.c_str()) > 0 && std::fflush(stdout) == 0;
}

int give_up(const std::string& why) {
  print(why);
  return kNoLine;
}

// Other processes of our user can't look into our memory any more (ptrace(2), proc(5)).
void keep_memory_private() { ::prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }

struct Arguments {
  std::string url;
  std::optional<int> credentials;  // descriptor
};

int run(const Arguments& arguments, gate41::fetch::Request request) {
  const auto url = gate41::fetch::Url::parse(arguments.url);
  if (!url) return give_up(url.error().message);
  request.url = *url;
  if (arguments.credentials) {
    keep_memory_private();
    auto credentials = gate41::fetch::Credentials::read(*arguments.credentials);
    if (!credentials) return give_up(credentials.error().message);
    request.credentials = std::move(*credentials);
  }
  limit_time(request.limits.timeout);
  const auto line = gate41::fetch::fetch(request);
  if (!line) return give_up(line.error().message);
  return print(*line) ? 0 : kNoLine;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  gate41::fetch::Request request;
  auto timeout = request.limits.timeout.count();
  CLI::App app{"Gets a URL over IPv4 and prints the first line of the answer.", "gate41-fetch"};
  app.add_option("URL", arguments.url, "http:// or https://")->required();
  app.add_option("--credentials", arguments.credentials,
                 "descriptor of an open file with user:password, for HTTP basic authentication")
      ->check(CLI::Range(0, 1023));
  app.add_option("--ca", request.authorities, "PEM file of the authority to trust, instead of the system's");
  app.add_option("--dns", request.name_servers, "name server, instead of the system's; may be repeated")
      ->allow_extra_args(false);
  app.add_option("--timeout", timeout, "seconds for everything together")
      ->capture_default_str()
      ->check(CLI::Range(1, 300));
  app.add_option("--max-bytes", request.limits.max_bytes, "longest answer")
      ->capture_default_str()
      ->check(CLI::Range(1, 16 << 20));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  request.limits.timeout = std::chrono::seconds(timeout);
  std::signal(SIGPIPE, SIG_IGN);
  return run(arguments, std::move(request));
}
