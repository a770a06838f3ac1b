#include "tests/unit/operator/site.hpp"

#include <array>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <sys/socket.h>
#include <sys/un.h>

namespace gate41::testing {

Peer::Peer(const std::string& path) : fd_(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0)) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  EXPECT_EQ(::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0) << path;
}

void Peer::send(const std::string& bytes) const {
  EXPECT_EQ(::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
}

void Peer::send_with_descriptor(const std::string& bytes, int descriptor) const {
  std::string copy = bytes;
  iovec part{copy.data(), copy.size()};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int))> control{};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* rights = CMSG_FIRSTHDR(&message);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof descriptor);
  std::memcpy(CMSG_DATA(rights), &descriptor, sizeof descriptor);
  EXPECT_EQ(::sendmsg(fd_.get(), &message, MSG_NOSIGNAL), static_cast<ssize_t>(bytes.size()));
}

void Peer::ask(const std::string& command) const { send(R"({"version":1,"command":")" + command + "\"}\n"); }
void Peer::end_input() const { ::shutdown(fd_.get(), SHUT_WR); }

void Peer::read() {
  std::array<char, 65536> bytes;
  for (;;) {
    const ssize_t got = ::recv(fd_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got < 0 && errno == EAGAIN) return;
    closed_ = closed_ || got <= 0;
    if (got <= 0) return;
    input_.append(bytes.data(), static_cast<std::size_t>(got));
  }
}

std::vector<std::string> Peer::lines() const {
  std::vector<std::string> lines;
  std::istringstream whole(input_.substr(0, input_.rfind('\n') + 1));
  for (std::string line; std::getline(whole, line);) lines.push_back(line);
  return lines;
}

std::vector<Json> Peer::values() const {
  std::vector<Json> values;
  for (const std::string& line : lines()) {
    values.push_back(Json::parse(line, nullptr, false));
    EXPECT_FALSE(values.back().is_discarded()) << line;
  }
  return values;
}

bool Peer::answered() const {
  if (input_.empty() || input_.back() != '\n') return false;
  const std::size_t before = input_.size() < 2 ? std::string::npos : input_.rfind('\n', input_.size() - 2);
  return input_.compare(before + 1, 7, "{\"end\":") == 0;
}

TempFolder::TempFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "operator_test.XXXXXX").string();
  path_ = ::mkdtemp(name.data()) == nullptr ? "" : name;
  EXPECT_FALSE(path_.empty());
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

Site::Site() : loop(std::move(*loop::EventLoop::create())) {
  auto opened = op::Server::open(path, "root", view, *loop);
  EXPECT_TRUE(opened) << opened.error().message;
  server = std::move(*opened);
}

bool Site::until(const std::function<bool()>& reached) {
  const TimePoint limit = now() + kPatience;
  while (!reached()) {
    if (now() > limit) return false;
    loop->turn(now() + std::chrono::milliseconds(1));
  }
  return true;
}

void Site::settle() {
  for (int i = 0; i < 20; ++i) loop->turn(now());
}

bool Site::answered(Peer& peer) {
  return until([&] {
    peer.read();
    return peer.answered();
  });
}

bool Site::closed(Peer& peer) {
  return until([&] {
    peer.read();
    return peer.closed();
  });
}

std::string error_of(const Json& end) {
  if (!end.contains("end") || end["end"]["ok"] != false) return "";
  return end["end"].value("error", "");
}

}  // namespace gate41::testing
