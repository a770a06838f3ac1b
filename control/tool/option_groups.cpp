#include "control/tool/option_groups.hpp"

#include <array>

#include "dataplane/net/address.hpp"
#include "dataplane/net/protocol_name.hpp"

namespace gate41::tool {
namespace {

using Json = nlohmann::json;

constexpr uint32_t kMostShown = 1000;

std::string check_prefix(const std::string& text) {
  return Ipv6Prefix::parse(text) ? "" : "an IPv6 address or prefix is needed, as in 2600:41::1 or 2002::/16";
}

std::string check_address(const std::string& text) {
  return Ipv6Address::parse(text)
             ? ""
             : "an interface identifier or address is needed, as in ::80 or 2002:b00:2:1::80";
}

std::string check_protocol(const std::string& text) {
  return protocol_named(text) ? "" : "a protocol is needed, as in tcp, udp, icmpv6, or a number up to 255";
}

// A text that goes into the request under this name.
CLI::Option* add_text(CLI::App& command, Json& request, const std::string& option, const char* name,
                      const char* help) {
  return command.add_option_function<std::string>(
      option, [&request, name](const std::string& text) { request[name] = text; }, help);
}

CLI::Option* add_number(CLI::App& command, Json& request, const std::string& option, const char* name,
                        uint32_t least, uint32_t most, const char* help) {
  return command
      .add_option_function<uint32_t>(
          option, [&request, name](const uint32_t& value) { request[name] = value; }, help)
      ->check(check_count)
      ->check(CLI::Range(least, most));
}

// Which flows or packets; all that is given must hold.
void add_selection(CLI::App& command, Json& request) {
  add_text(command, request, "--address", "address", "only with an end in this address or prefix")
      ->check(check_prefix);
  add_number(command, request, "--port", "port", 0, 65535, "only with this port at an end");
  add_text(command, request, "--proto", "proto", "only this protocol")->check(check_protocol);
}

}  // namespace

std::string check_count(const std::string& text) {
  const bool ok = text.find_first_not_of("0123456789") == std::string::npos;
  return ok ? "" : "a whole number is needed";
}

void add_flows(CLI::App& app, Options& options) {
  Json& request = options.selection;
  CLI::App* flows = app.add_subcommand("flows", "the flow table; `flows delete` ends flows");
  add_selection(*flows, request);
  add_text(*flows, request, "--interior", "interior", "only with the LAN's end in it")->check(check_prefix);
  add_text(*flows, request, "--exterior", "exterior", "only with the far end in it")->check(check_prefix);
  add_text(*flows, request, "--lan", "lan", "only of this LAN");
  add_text(*flows, request, "--state", "state", "only this state");
  CLI::Option* sort = add_text(*flows, request, "--sort", "order", "the largest first: by age, bytes or rate")
                          ->check(CLI::IsMember({"age", "bytes", "rate"}));
  CLI::Option* top = add_number(*flows, request, "--top", "top", 1, kMostShown, "so many of them (20)");
  const auto show = [&request](const char* what) {
    return [&request, what](std::size_t) { request["show"] = what; };
  };
  CLI::Option* count =
      flows->add_flag_function("--count", show("count"), "how many, by state and by LAN host")
          ->excludes(sort);
  flows
      ->add_option_function<uint32_t>(
          "--top-talkers",
          [&request](const uint32_t& value) {
            request.update({{"show", "talkers"}, {"top", value}});
          },
          "so many LAN hosts, those with the most bytes first")
      ->check(check_count)
      ->check(CLI::Range(1U, kMostShown))
      ->excludes(sort)
      ->excludes(top)
      ->excludes(count);
  CLI::App* erase = flows->add_subcommand("delete", "end the flows that the options name");
  erase->callback([&options] { options.action = "delete"; });
  erase->add_flag_function(
      "--all", [&request](std::size_t) { request["all"] = true; }, "every flow");
}

void add_pinhole(CLI::App& app, Options& options) {
  CLI::App* pinhole = app.add_subcommand("pinhole", "who may be reached from outside: list, add, del");
  pinhole->require_subcommand(1);
  pinhole->add_subcommand("list", "those of the configuration and those that were added")
      ->callback([&options] { options.action = "list"; });
  CLI::App* del = pinhole->add_subcommand("del", "close one, and end its flows");
  del->callback([&options] { options.action = "del"; });
  del->add_option("ID", options.id, "as `pinhole list` shows it")->check(check_count)->required();
  CLI::App* add = pinhole->add_subcommand("add", "open one");
  add->callback([&options] { options.action = "add"; });
  Json& request = options.pinhole;
  add_text(*add, request, "PROTO", "proto", "tcp, udp, udp-lite, sctp, dccp, echo, esp, ah, hip, or a number")
      ->required();
  add_text(*add, request, "LAN", "lan", "the host's LAN")->required();
  add->add_option_function<std::string>(
         "HOST",
         [&request](const std::string& text) {
           const bool whole = Ipv6Address::parse(text).value_or(Ipv6Address{}).high() != 0;
           request[whole ? "address" : "interface_id"] = text;
         },
         "the host's interface identifier, which follows the prefix, or its whole address")
      ->check(check_address)
      ->required();
  add_text(*add, request, "PORT", "port", "a port, or a range as in 1000-2000");
  add_text(*add, request, "--from", "from", "only from this prefix")->check(check_prefix);
  add_text(*add, request, "--lifetime", "lifetime", "as in 90s, 30min, 1h; until it is deleted, without");
  add_text(*add, request, "--comment", "comment", "why, for those who read the list");
}

void add_packet_trace(CLI::App& app, Options& options) {
  Json& request = options.selection;
  CLI::App* trace = app.add_subcommand("trace", "the way of the next packets, stage by stage");
  add_selection(*trace, request);
  add_text(*trace, request, "--on", "on", "only what comes by this port of the configuration");
  trace->add_flag_function(
      "--dropped", [&request](std::size_t) { request["dropped"] = true; }, "only what is dropped");
  add_number(*trace, request, "-n,--count", "count", 1, kMostShown, "so many packets (10)");
  add_number(*trace, request, "--seconds", "seconds", 1, 3600, "for so long at most (60)");
}

}  // namespace gate41::tool
