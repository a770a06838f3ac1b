#include "control/fetch/fetch.hpp"

#include <algorithm>
#include <array>
#include <httplib.h>
#include <netinet/in.h>

#include "control/fetch/resolve.hpp"

namespace gate41::fetch {
namespace {

constexpr std::string_view kBlank = " \t\r\n\v\f";
constexpr std::array kRedirects = {301, 302, 303, 307, 308};

const char* sentence(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
      return "cannot be connected to";
    case httplib::Error::ConnectionTimeout:
      return "does not accept the connection";
    case httplib::Error::Read:
      return "no answer, or one that is not HTTP";
    case httplib::Error::SSLConnection:
      return "no TLS connection";
    case httplib::Error::SSLServerVerification:
      return "the certificate cannot be verified";
    case httplib::Error::SSLLoadingCerts:
      return "the certificates of authorities cannot be read (package ca-certificates, or the file of --ca)";
    default:
      return "the request failed";
  }
}

struct Answer {
  int status = 0;
  std::string location;
  std::string body;
};

Result<void> prepare(httplib::Client& client, const Url& url, const Request& request) {
  client.set_address_family(AF_INET);
  client.set_connection_timeout(request.limits.timeout);
  client.set_read_timeout(request.limits.timeout);
  client.set_write_timeout(request.limits.timeout);
  client.set_url_encode(false);
  client.set_decompress(false);
  if (request.credentials && url.origin() == request.url.origin())
    client.set_basic_auth(request.credentials->user, request.credentials->password);
  if (!request.authorities.empty()) client.set_ca_cert_path(request.authorities);
  if (request.name_servers.empty()) return {};
  const Result<std::string> address = resolve(url.host(), request.name_servers, request.limits.timeout);
  if (!address) return tl::unexpected(address.error());
  client.set_hostname_addr_map({{url.host(), *address}});
  return {};
}

// `url`: where the request has come to by redirects.
Result<Answer> get(const Url& url, const Request& request) {
  const Limits& limits = request.limits;
  httplib::Client client(url.origin());
  if (const auto prepared = prepare(client, url, request); !prepared) return tl::unexpected(prepared.error());
  Answer answer;
  const httplib::Headers headers = {
      {"Accept", "text/plain, */*"}, {"Accept-Encoding", "identity"}, {"User-Agent", "gate41"}};
  const auto on_head = [&answer](const httplib::Response& head) {
    answer.status = head.status;
    answer.location = head.get_header_value("Location");
    return true;
  };
  const auto on_body = [&answer, &limits](const char* bytes, std::size_t size) {
    answer.body.append(bytes, std::min(size, limits.max_bytes + 1 - answer.body.size()));
    return answer.body.size() <= limits.max_bytes;
  };
  const httplib::Result result = client.Get(url.target, headers, on_head, on_body);
  if (answer.body.size() > limits.max_bytes)
    return fail("the answer is longer than " + std::to_string(limits.max_bytes) + " bytes");
  if (!result) return fail(sentence(result.error()));
  return answer;
}

bool is_redirect(int status) {
  return std::find(kRedirects.begin(), kRedirects.end(), status) != kRedirects.end();
}

std::string_view trimmed(std::string_view text) {
  const std::size_t start = text.find_first_not_of(kBlank);
  if (start == std::string_view::npos) return {};
  return text.substr(start, text.find_last_not_of(kBlank) + 1 - start);
}

}  // namespace

std::string first_line(std::string_view body) {
  body = trimmed(body);
  std::string line(trimmed(body.substr(0, body.find('\n'))).substr(0, kMaxLineBytes));
  std::replace_if(
      line.begin(), line.end(), [](char c) { return c < ' ' || c > '~'; }, '?');
  return line;
}

Result<std::string> fetch(const Request& request) {
  if (request.credentials && request.url.scheme != "https")
    return fail(request.url.text_without_query() + ": credentials go by https only");
  Url at = request.url;
  for (int redirects = 0; redirects <= kMaxRedirects; ++redirects) {
    const auto failed = [&at](const std::string& why) { return fail(at.text_without_query() + ": " + why); };
    const Result<Answer> answer = get(at, request);
    if (!answer) return failed(answer.error().message);
    if (is_redirect(answer->status)) {
      const Result<Url> next = at.redirected(answer->location);
      if (!next) return failed(next.error().message);
      at = *next;
      continue;
    }
    if (answer->status == 401 && request.credentials) return "badauth";
    if (answer->status != 200) return failed("status " + std::to_string(answer->status));
    std::string line = first_line(answer->body);
    if (line.empty()) return failed("the answer is empty");
    return line;
  }
  return fail(request.url.text_without_query() + ": more than " + std::to_string(kMaxRedirects) +
              " redirects");
}

}  // namespace gate41::fetch
