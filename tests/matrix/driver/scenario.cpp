#include "tests/matrix/driver/scenario.hpp"

#include <cstdlib>
#include <iostream>
#include <sstream>

#include "config/loader.hpp"
#include "dataplane/forward/neighbour_table.hpp"

namespace gate41::matrix {
namespace {

[[noreturn]] void refuse(const std::string& why) {
  std::cerr << why << '\n';
  std::exit(2);
}

template <typename T>
T read(std::istream& words, const std::string& line) {
  std::string word;
  words >> word;
  if (const auto value = T::parse(word)) return *value;
  refuse("scenario: " + line);
}

Ipv6Address read_address(std::istream& words, const std::string& line) {
  std::string word;
  words >> word;
  if (const auto v4 = Ipv4Address::parse(word)) return mapped(*v4);
  if (const auto v6 = Ipv6Address::parse(word)) return *v6;
  refuse("scenario: " + line);
}

void read_fact(const std::string& line, Scenario& scenario) {
  std::istringstream words(line);
  std::string what;
  words >> what;
  if (what == "relay") {
    scenario.live_relays.push_back(read<Ipv4Address>(words, line));
  } else if (what == "withdrawn") {
    scenario.withdrawn.push_back(read<Ipv6Prefix>(words, line));
  } else if (what == "neighbour") {
    Neighbour neighbour;
    words >> neighbour.port;
    neighbour.address = read_address(words, line);
    neighbour.mac = read<MacAddress>(words, line);
    scenario.neighbours.push_back(neighbour);
  } else {
    refuse("scenario: " + line);
  }
}

}  // namespace

Scenario read_scenario(const std::string& text) {
  Scenario scenario;
  std::istringstream lines(text);
  std::string line;
  while (std::getline(lines, line) && line != "---") read_fact(line, scenario);
  const std::string yaml(std::istreambuf_iterator<char>(lines), {});
  auto config = config::load_text(yaml, "scenario");
  if (!config) {
    for (const config::Problem& problem : config.error()) std::cerr << problem.to_string() << '\n';
    refuse("the configuration was:\n" + yaml);
  }
  scenario.config = std::move(*config);
  return scenario;
}

}  // namespace gate41::matrix
