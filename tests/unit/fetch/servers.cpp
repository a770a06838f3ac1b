#include "tests/unit/fetch/servers.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace gate41::testing {

WebServer::WebServer(std::unique_ptr<httplib::Server> server) : server_(std::move(server)) {
  port_ = server_->bind_to_any_port("127.0.0.1");
  EXPECT_GT(port_, 0);
  thread_ = std::thread([this] { server_->listen_after_bind(); });
  while (!server_->is_running()) std::this_thread::yield();
}

WebServer::~WebServer() {
  server_->stop();
  thread_.join();
}

void WebServer::answer(const std::string& path, const std::string& body, int status) {
  server_->Get(path, [body, status](const httplib::Request&, httplib::Response& response) {
    response.status = status;
    response.set_content(body, "text/plain");
  });
}

void WebServer::redirect(const std::string& path, const std::string& location) {
  server_->Get(path, [location](const httplib::Request&, httplib::Response& response) {
    response.status = 302;
    response.set_header("Location", location);
  });
}

void WebServer::answer_login(const std::string& path, const std::string& authorization, int status) {
  server_->Get(path, [authorization, status](const httplib::Request& request, httplib::Response& response) {
    const bool good = request.get_header_value("Authorization") == authorization;
    response.status = good ? 200 : status;
    response.set_content(good ? "good" : "badauth", "text/plain");
  });
}

Certificate::Certificate() : x509(X509_new()), key(EVP_EC_gen("P-256")) {
  ASN1_INTEGER_set(X509_get_serialNumber(x509), 1);
  X509_set_version(x509, 2);
  X509_gmtime_adj(X509_getm_notBefore(x509), -3600);
  X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
  X509_set_pubkey(x509, key);
  X509_NAME* name = X509_get_subject_name(x509);
  const std::array<unsigned char, 10> common{"localhost"};
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, common.data(), 9, -1, 0);
  X509_set_issuer_name(x509, name);
  X509_EXTENSION* alternative = X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "DNS:localhost");
  X509_add_ext(x509, alternative, -1);
  X509_EXTENSION_free(alternative);
  EXPECT_GT(X509_sign(x509, key, EVP_sha256()), 0);
  file_ = (std::filesystem::temp_directory_path() / "fetch_test.XXXXXX").string();
  std::FILE* out = ::fdopen(::mkstemp(file_.data()), "w");
  EXPECT_EQ(PEM_write_X509(out, x509), 1);
  std::fclose(out);
}

Certificate::~Certificate() {
  std::filesystem::remove(file_);
  X509_free(x509);
  EVP_PKEY_free(key);
}

std::unique_ptr<httplib::Server> tls_server(const Certificate& certificate) {
  return std::make_unique<httplib::SSLServer>(certificate.x509, certificate.key);
}

NameServer::NameServer(bool exists) : fd_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)), exists_(exists) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(::bind(fd_, reinterpret_cast<const sockaddr*>(&address), size), 0);
  EXPECT_EQ(::getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size), 0);
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] {
    while (!over_) serve();
  });
}

NameServer::~NameServer() {
  over_ = true;
  thread_.join();
  ::close(fd_);
}

// RFC 1035 §4.1: the query comes back with the answer behind its question.
void NameServer::serve() const {
  pollfd ready{fd_, POLLIN, 0};
  if (::poll(&ready, 1, 20) <= 0) return;
  std::vector<char> message(512);
  sockaddr_in peer{};
  socklen_t size = sizeof peer;
  const ssize_t got =
      ::recvfrom(fd_, message.data(), message.size(), 0, reinterpret_cast<sockaddr*>(&peer), &size);
  if (got < 12) return;
  std::size_t end = 12;
  while (message[end] != 0) end += static_cast<std::size_t>(message[end]) + 1;
  message.resize(end + 5);
  message[2] = '\x81';                                    // an answer
  message[3] = static_cast<char>(exists_ ? 0x80 : 0x83);  // NXDOMAIN
  message[7] = exists_ ? 1 : 0;
  message[11] = 0;
  const std::string record("\xc0\x0c\0\1\0\1\0\0\0\x3c\0\4\x7f\0\0\1", 16);
  if (exists_) message.insert(message.end(), record.begin(), record.end());
  ::sendto(fd_, message.data(), message.size(), 0, reinterpret_cast<const sockaddr*>(&peer), size);
}

}  // namespace gate41::testing
