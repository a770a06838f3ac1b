// What a reload would change, and what of it only a restart can.
#include <set>

#include "config/bindings.hpp"
#include "config/keys.hpp"
#include "config/loader.hpp"
#include "config/value_writer.hpp"

namespace gate41::config {
namespace {

Values values_of(Config config) {
  Values values;
  ValueWriter writer(values);
  visit(writer, config);
  return values;
}

// "lans.home.port" -> "lans.NAME.port", "filter.inbound[0].lan" -> "filter.inbound[].lan"
std::string pattern_of(std::string_view path) {
  std::string pattern;
  while (!path.empty()) {
    const std::size_t dot = path.find('.');
    std::string part(path.substr(0, dot));
    if (const std::size_t bracket = part.find('['); bracket != std::string::npos)
      part.resize(bracket + 1), part += ']';
    const std::string prefix = pattern.empty() ? "" : pattern + ".";
    pattern = find_key(prefix + "NAME") != nullptr ? prefix + "NAME" : prefix + part;
    path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
  }
  return pattern;
}

bool needs_restart(const std::string& path) {
  const Key* key = find_key(pattern_of(path));
  return key == nullptr || key->reload == Reload::restart;
}

bool inside_one_of(const std::set<std::string>& elements, const std::string& path) {
  for (std::size_t end = path.find_last_of(".["); end != std::string::npos && end > 0;
       end = path.find_last_of(".[", end - 1))
    if (elements.contains(path.substr(0, end))) return true;
  return false;
}

// Paths that one side lacks or that differ; of an element that is new or gone, only its own path.
std::set<std::string> differences(const Values& running, const Values& wanted) {
  std::set<std::string> paths;
  for (const auto& [path, text] : running)
    if (const auto it = wanted.find(path); it == wanted.end() || it->second != text) paths.insert(path);
  for (const auto& [path, text] : wanted)
    if (!running.contains(path)) paths.insert(path);
  std::set<std::string> result;
  for (const std::string& path : paths)
    if (!inside_one_of(paths, path)) result.insert(path);
  return result;
}

}  // namespace

void ValueWriter::prefixes(std::string_view name, const std::vector<Ipv4Prefix>& v4,
                           const std::vector<Ipv6Prefix>& v6) {
  std::string& text = values_[path_of(name)];
  for (const Ipv4Prefix& prefix : v4) text += prefix.to_string() + " ";
  for (const Ipv6Prefix& prefix : v6) text += prefix.to_string() + " ";
}

void ValueWriter::sources(std::string_view name, const ExternalAddress& external) {
  std::string& text = values_[path_of(name)];
  if (external.literal) {
    text = external.literal->to_string();
    return;
  }
  for (const auto source : external.from) text += std::to_string(static_cast<unsigned>(source)) + " ";
}

Changes changes(const Config& running, const Config& wanted) {
  Changes result;
  for (const std::string& path : differences(values_of(running), values_of(wanted)))
    (needs_restart(path) ? result.restart : result.live).push_back(path);
  return result;
}

std::vector<std::string> restart_changes(const Config& running, const Config& wanted) {
  return changes(running, wanted).restart;
}

}  // namespace gate41::config
