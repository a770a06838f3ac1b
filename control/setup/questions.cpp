#include "control/setup/questions.hpp"

namespace gate41::setup {
namespace {

constexpr const char* kGatewayKey = "wan.ipv4.gateway";
constexpr const char* kDnsKey = "wan.ipv4.dns";

// The tunnel and the LAN that are set up: the first of each.
std::string tunnel(const Settings& settings, const char* key) {
  const auto names = settings.configuration.names("tunnels");
  return "tunnels." + (names.empty() ? "main" : names.front()) + '.' + key;
}
std::string lan(const Settings& settings, const char* key) {
  const auto names = settings.configuration.names("lans");
  return "lans." + (names.empty() ? "home" : names.front()) + '.' + key;
}

std::string get_mode(const Settings& settings) {
  return settings.configuration.get(tunnel(settings, "mode"));
}
// What only another mode has goes: the loader refuses it.
void set_mode(Settings& settings, const std::string& answer) {
  Document& document = settings.configuration;
  document.set(tunnel(settings, "mode"), answer);
  if (answer != "6rd") document.remove(tunnel(settings, "6rd"));
  if (answer == "6in4") return document.remove(tunnel(settings, "relays"));
  document.remove(tunnel(settings, "6in4"));
  document.remove(tunnel(settings, "broker"));
}

bool is_static(const Settings& settings) { return !settings.configuration.get("wan.ipv4.address").empty(); }
std::string get_address(const Settings& settings) {
  return is_static(settings) ? settings.configuration.get("wan.ipv4.address") : "dhcp";
}
void set_address(Settings& settings, const std::string& answer) {
  settings.configuration.set(answer == "dhcp" ? "wan.ipv4" : "wan.ipv4.address", answer);
}

std::string get_gateway(const Settings& settings) { return settings.configuration.get(kGatewayKey); }
void set_gateway(Settings& settings, const std::string& answer) {
  settings.configuration.set(kGatewayKey, answer);
}

std::string get_dns(const Settings& settings) { return settings.configuration.get(kDnsKey); }
void set_dns(Settings& settings, const std::string& answer) {
  settings.configuration.set_list(kDnsKey, answer);
}

std::string get_relays(const Settings& settings) {
  return settings.configuration.get(tunnel(settings, "relays"));
}
void set_relays(Settings& settings, const std::string& answer) {
  settings.configuration.set_list(tunnel(settings, "relays"), answer);
}

std::string get_subnet(const Settings& settings) {
  const std::string id = settings.configuration.get(lan(settings, "subnet_id"));
  return id.empty() ? "1" : id;
}
void set_subnet(Settings& settings, const std::string& answer) {
  settings.configuration.set(lan(settings, "subnet_id"), answer);
}

std::string get_broker(const Settings& settings) {
  const std::string url = settings.configuration.get(tunnel(settings, "broker.url"));
  return url.empty() ? std::string(kNone) : url;
}
void set_broker(Settings& settings, const std::string& answer) {
  if (answer == kNone) return settings.configuration.remove(tunnel(settings, "broker"));
  settings.configuration.set(tunnel(settings, "broker.url"), answer);
  settings.configuration.set(tunnel(settings, "broker.credentials"), settings.login_file);
}

std::string get_login(const Settings& settings) {
  const std::string file = settings.configuration.get(tunnel(settings, "broker.credentials"));
  return settings.login.empty() ? "as it is, in " + file : "new, into " + file;
}
void set_login(Settings& settings, const std::string& answer) {
  settings.login = answer;
  settings.configuration.set(tunnel(settings, "broker.credentials"), settings.login_file);
}

std::string get_keymap(const Settings& settings) { return settings.keymap; }
void set_keymap(Settings& settings, const std::string& answer) { settings.keymap = answer; }

std::string get_password(const Settings& settings) {
  if (settings.new_password) return settings.new_password->empty() ? std::string(kNone) : "a new one";
  return settings.has_password ? "as it is" : std::string(kNone);
}
void set_password(Settings& settings, const std::string& answer) {
  settings.new_password.reset();
  if (answer != kNone)
    settings.new_password = answer;
  else if (settings.has_password)
    settings.new_password = "";
}

// A value of the tunnel that is no more than its text.
template <const char* Key>
constexpr Question of_tunnel(const char* label, const char* allowed) {
  return {label, allowed, [](const Settings& s) { return s.configuration.get(tunnel(s, Key)); },
          [](Settings& s, const std::string& answer) { s.configuration.set(tunnel(s, Key), answer); }};
}
constexpr char kSixRdPrefix[] = "6rd.prefix";
constexpr char kSixRdMask[] = "6rd.ipv4_mask_len";
constexpr char kRemote[] = "6in4.remote";
constexpr char kAddress[] = "6in4.address";
constexpr char kPrefix[] = "6in4.prefix";
constexpr char kHost[] = "broker.host";

}  // namespace

std::vector<Question> questions_of(const Settings& settings) {
  std::vector<Question> list{{"WAN address", "dhcp, or an address as 11.0.0.2/24", get_address, set_address}};
  if (is_static(settings)) {
    list.push_back({"WAN gateway", "an address as 11.0.0.1", get_gateway, set_gateway});
    list.push_back({"WAN name servers", "addresses as 11.0.0.53, 11.0.0.54", get_dns, set_dns});
  }
  list.push_back({"tunnel mode", "auto, 6to4, 6rd or 6in4", get_mode, set_mode});
  const std::string mode = get_mode(settings);
  if (mode == "6rd") {
    list.push_back(of_tunnel<kSixRdPrefix>("6rd prefix", "as 2600:41::/32"));
    list.push_back(of_tunnel<kSixRdMask>("6rd IPv4 mask length", "0 to 32"));
  }
  if (mode == "6in4") {
    list.push_back(of_tunnel<kRemote>("6in4 other end", "an IPv4 address"));
    list.push_back(of_tunnel<kAddress>("6in4 own address", "as 2600:41:0:2::2/64"));
    list.push_back(of_tunnel<kPrefix>("6in4 routed prefix", "as 2600:41:1::/48"));
    list.push_back({"broker", "none, or its page for updates, https://...", get_broker, set_broker});
    if (get_broker(settings) != kNone) {
      list.push_back(of_tunnel<kHost>("broker: tunnel", "its name or number there"));
      list.push_back({"broker: login", "user:password", get_login, set_login});
    }
  } else {
    list.push_back({"relays", "addresses as 192.88.99.1", get_relays, set_relays});
  }
  list.push_back({"LAN subnet number", "1 to 65535, a part of its prefix", get_subnet, set_subnet});
  if (settings.keymap.empty()) return list;
  list.push_back({"keymap", "a name as us or de", get_keymap, set_keymap});
  list.push_back({"console's password", "none, or a new one", get_password, set_password, true});
  return list;
}

}  // namespace gate41::setup
