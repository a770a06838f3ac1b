// gate41-fetch: gets a URL over IPv4 and prints the first line of the answer. Started by gate41d for what
// must not block it: name look-up, TLS, slow servers. Exit codes: 0 the line is on standard output, 1 no
// line, 2 usage.
#include <CLI/CLI.hpp>
#include <csignal>
#include <cstdio>
#include <unistd.h>

#include "control/fetch/fetch.hpp"

namespace {

constexpr int kNoLine = 1;
constexpr int kUsage = 2;

// The limit of everything together, also of the name look-up, which knows no limit of its own.
void limit_time(std::chrono::seconds limit) {
  const auto too_late = [](int) {
    constexpr std::string_view text = "gate41-fetch: no answer within the time limit\n";
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, text.data(), text.size());
    ::_exit(kNoLine);
  };
  std::signal(SIGALRM, too_late);
  ::alarm(static_cast<unsigned>(limit.count()));
}

int complain(const std::string& text) {
  std::fprintf(stderr, "gate41-fetch: %s\n", text.c_str());
  return kNoLine;
}

int run(const std::string& text, const gate41::fetch::NameServers& dns, const gate41::fetch::Limits& limits) {
  const auto url = gate41::fetch::Url::parse(text);
  if (!url) return complain(url.error().message);
  limit_time(limits.timeout);
  const auto line = gate41::fetch::fetch(*url, dns, limits);
  if (!line) return complain(line.error().message);
  return std::printf("%s\n", line->c_str()) > 0 && std::fflush(stdout) == 0 ? 0 : kNoLine;
}

}  // namespace

int main(int argc, char** argv) {
  std::string url;
  gate41::fetch::NameServers dns;
  gate41::fetch::Limits limits;
  auto timeout = limits.timeout.count();
  CLI::App app{"Gets a URL over IPv4 and prints the first line of the answer.", "gate41-fetch"};
  app.add_option("URL", url, "http:// or https://")->required();
  app.add_option("--dns", dns, "name server, instead of the system's; may be repeated")
      ->allow_extra_args(false);
  app.add_option("--timeout", timeout, "seconds for everything together")
      ->capture_default_str()
      ->check(CLI::Range(1, 300));
  app.add_option("--max-bytes", limits.max_bytes, "longest answer")
      ->capture_default_str()
      ->check(CLI::Range(1, 16 << 20));
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : kUsage;
  }
  limits.timeout = std::chrono::seconds(timeout);
  std::signal(SIGPIPE, SIG_IGN);
  return run(url, dns, limits);
}
