#include "control/daemon/fetcher.hpp"

#include <filesystem>
#include <utility>

#include "control/loop/secret_file.hpp"

namespace gate41 {
namespace {

// Beside the daemon: as installed, then as built.
std::string fetch_program() {
  std::error_code error;
  const auto folder = std::filesystem::read_symlink("/proc/self/exe", error).parent_path();
  for (const auto& candidate : {folder / "gate41-fetch", folder / "fetch" / "gate41-fetch"})
    if (std::filesystem::is_regular_file(candidate, error)) return candidate.string();
  return "/usr/libexec/gate41/gate41-fetch";
}

}  // namespace

void Fetcher::fetch(const Request& request, const OnAnswer& on_answer) {
  if (running_.size() < kMaxAtOnce) return start(request, on_answer);
  if (waiting_.size() >= kMaxWaiting) return on_answer(fail("too many requests at once"));
  waiting_.emplace_back(request, on_answer);
}

void Fetcher::start_next() {
  while (running_.size() < kMaxAtOnce && !waiting_.empty()) {
    const auto [request, on_answer] = std::move(waiting_.front());
    waiting_.pop_front();
    start(request, on_answer);
  }
}

void Fetcher::start(const Request& request, const OnAnswer& on_answer) {
  std::vector<std::string> argv{fetch_program()};
  for (const Ipv4Address server : request.dns) argv.insert(argv.end(), {"--dns", server.to_string()});
  if (!request.ca.empty()) argv.insert(argv.end(), {"--ca", request.ca});
  if (request.credentials.empty()) {
    argv.push_back(request.url);
    return run(argv, -1, on_answer);
  }
  // The program, being nobody, may not open the file itself.
  const Result<loop::Fd> file = loop::open_secret(request.credentials);
  if (!file) return on_answer(tl::unexpected(file.error()));
  argv.insert(argv.end(), {"--credentials", "3", request.url});
  run(argv, file->get(), on_answer);
}

void Fetcher::run(const std::vector<std::string>& argv, int credentials, const OnAnswer& on_answer) {
  const uint64_t id = next_id_++;
  auto child = loop::Child::start(
      loop_, argv, kLimit,
      [this, id, on_answer](Result<std::string> answer) {
        const auto finished = running_.extract(id);  // ends the child when this callback is over
        on_answer(std::move(answer));
        start_next();
      },
      credentials);
  if (!child) return on_answer(tl::unexpected(child.error()));
  running_.emplace(id, std::move(*child));
}

}  // namespace gate41
