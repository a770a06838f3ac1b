#include "config/loader.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <sstream>

#include "config/bindings.hpp"
#include "config/checks.hpp"
#include "config/findings.hpp"
#include "config/found_ports.hpp"
#include "config/map_reader.hpp"
#include "config/node.hpp"

namespace gate41::config {
namespace {

constexpr std::size_t kMaxFileSize = std::size_t{1} << 20U;

tl::unexpected<std::vector<Problem>> one_problem(Problem problem) {
  return tl::unexpected(std::vector<Problem>{std::move(problem)});
}

void derive_defaults(SixInFour& tunnel, const std::string& path, const Findings& findings) {
  if (!findings.given(path + ".routes")) tunnel.routes = {kEveryIpv6};
  if (tunnel.peer) return;
  const Ipv6Prefix subnet = Ipv6Prefix::of(tunnel.address, tunnel.length);
  const auto host = [&](uint64_t id) {
    return Ipv6Address::from_halves(subnet.address.high(), subnet.address.low() | id);
  };
  const uint64_t other = subnet.length == 127 ? 0 : 2;
  tunnel.peer = tunnel.address == host(1) ? host(other) : host(1);
}

// Defaults that follow from other keys.
void derive_defaults(Config& config, const Findings& findings) {
  if (!findings.given("host.netns")) config.host_netns = config.instance;
  if (!findings.given("management.socket")) config.socket = "/run/gate41/" + config.instance + ".sock";
  if (config.role == Role::relay) config.wan.external.behind_nat_allowed = false;
  for (Tunnel& tunnel : config.tunnels)
    if (tunnel.six_in_four)
      derive_defaults(*tunnel.six_in_four, "tunnels." + tunnel.name + ".6in4", findings);
  std::ranges::stable_sort(config.tunnels, std::greater(), &Tunnel::mode);
}

Checked<Config> load_tree(const Node& root, const std::string& file_name) {
  Findings findings(file_name);
  Config config;
  if (root.kind != Node::Kind::map)
    return one_problem({.file = file_name,
                        .line = root.mark.line,
                        .column = root.mark.column,
                        .text = std::string(kind_name(root.kind)) + " stands here; allowed: a map of keys"});
  MapReader reader(findings, root, "", "");
  visit(reader, config);
  if (config.ports_auto) config.ports = ports_to_find();
  check_across_keys(config, findings);
  derive_defaults(config, findings);
  if (auto problems = findings.take(); !problems.empty()) return tl::unexpected(std::move(problems));
  return config;
}

}  // namespace

std::string Problem::to_string() const {
  std::string where = file;
  if (line > 0) where += ":" + std::to_string(line) + ":" + std::to_string(column);
  if (!key.empty()) where += ": " + key;
  return where + ": " + text;
}

Checked<Config> load_text(std::string_view yaml, const std::string& file_name) {
  if (yaml.size() > kMaxFileSize)
    return one_problem({.file = file_name, .text = "too large; allowed: at most 1 MiB"});
  const auto root = parse_yaml(yaml);
  if (!root)
    return one_problem({.file = file_name,
                        .line = root.error().mark.line,
                        .column = root.error().mark.column,
                        .text = root.error().text});
  auto config = load_tree(*root, file_name);
  if (config) config->text = yaml;
  return config;
}

Checked<Config> load_file(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::string text;
  std::array<char, 4096> part;
  // A directory opens, but does not read.
  while (file && text.size() <= kMaxFileSize) {
    file.read(part.data(), part.size());
    text.append(part.data(), static_cast<std::size_t>(file.gcount()));
  }
  if (!file.is_open() || file.bad()) {
    const int error = errno;
    return one_problem(
        {.file = path,
         .text = error == ENOENT ? "no such file" : "can't be read: " + std::string(std::strerror(error))});
  }
  return load_text(text, path);
}

}  // namespace gate41::config
