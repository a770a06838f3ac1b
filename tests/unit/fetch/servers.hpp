// Servers on the loopback for gate41-fetch: HTTP, HTTPS with a certificate of its own, DNS.
#pragma once

#include <atomic>
#include <httplib.h>
#include <memory>
#include <string>
#include <thread>

namespace gate41::testing {

// An HTTP server in a thread of its own, on a free port of 127.0.0.1.
class WebServer {
 public:
  WebServer() : WebServer(std::make_unique<httplib::Server>()) {}
  explicit WebServer(std::unique_ptr<httplib::Server> server);
  ~WebServer();
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  // GET `path` answers so; before the first request.
  void answer(const std::string& path, const std::string& body, int status = 200);
  void redirect(const std::string& path, const std::string& location);
  // GET `path` answers "good" to this Authorization header, "badauth" to any other.
  void answer_login(const std::string& path, const std::string& authorization, int status = 401);
  std::string authority(const std::string& host = "127.0.0.1") const {
    return host + ":" + std::to_string(port_);
  }
  std::string url(const std::string& path) const { return "http://" + authority() + path; }

 private:
  std::unique_ptr<httplib::Server> server_;
  int port_ = 0;
  std::thread thread_;
};

// For the name `localhost`; its own authority.
struct Certificate {
  Certificate();
  ~Certificate();
  Certificate(const Certificate&) = delete;
  Certificate& operator=(const Certificate&) = delete;
  // The environment in which OpenSSL trusts it: "SSL_CERT_FILE=...", a file that lasts as long as this.
  [[nodiscard]] std::string as_authority() const { return "SSL_CERT_FILE=" + file_; }
  [[nodiscard]] const std::string& file() const { return file_; }

  X509* x509;
  EVP_PKEY* key;

 private:
  std::string file_;  // PEM
};

[[nodiscard]] std::unique_ptr<httplib::Server> tls_server(const Certificate& certificate);

// Answers every query of type A with 127.0.0.1, or (`exists` false) that there is no such name.
class NameServer {
 public:
  explicit NameServer(bool exists = true);
  ~NameServer();
  NameServer(const NameServer&) = delete;
  NameServer& operator=(const NameServer&) = delete;
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }

 private:
  void serve() const;

  int fd_;
  int port_ = 0;
  bool exists_;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

}  // namespace gate41::testing
