#include "control/daemon/opened_pinholes.hpp"

#include <algorithm>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <sstream>

#include "config/pinholes.hpp"

namespace gate41 {
namespace {

using Json = nlohmann::json;

// One line of the text: the members of filter.inbound[], and ours.
Json line_of(const OpenedPinhole& opened) {
  Json line = config::pinhole_members(opened.hole);
  line["id"] = opened.id;
  line["ends"] = opened.ends;
  line["comment"] = opened.comment;
  return line;
}

std::map<std::string, std::string> members_of(const Json& line) {
  std::map<std::string, std::string> members;
  for (const auto& [key, value] : line.items())
    if (key != "id" && key != "ends" && key != "comment" && value.is_string())
      members[key] = value.get<std::string>();
  return members;
}

Result<OpenedPinhole> pinhole_of(const std::string& text, const config::Config& config) {
  const Json line = Json::parse(text, nullptr, false);
  if (!line.is_object() || !line.contains("id") || !line["id"].is_number_unsigned())
    return fail("is not understood");
  const auto hole = config::read_pinhole(members_of(line), config);
  if (!hole) return tl::unexpected(hole.error());
  OpenedPinhole opened{line["id"].get<uint32_t>(), *hole, 0, ""};
  if (const auto ends = line.find("ends"); ends != line.end() && ends->is_number_integer())
    opened.ends = ends->get<int64_t>();
  if (const auto comment = line.find("comment"); comment != line.end() && comment->is_string())
    opened.comment = comment->get<std::string>();
  return opened;
}

}  // namespace

OpenedPinholes OpenedPinholes::from_text(std::string_view text, const config::Config& config,
                                         std::vector<std::string>& left_out) {
  OpenedPinholes pinholes;
  std::istringstream lines{std::string(text)};
  for (std::string line; std::getline(lines, line);) {
    auto opened = pinhole_of(line, config);
    if (!opened) {
      left_out.push_back(fmt::format("the pinhole {} is left out: {}", line, opened.error().message));
    } else if (opened->id > pinholes.last_id_ && pinholes.opened_.size() < kMost) {
      pinholes.last_id_ = opened->id;
      pinholes.opened_.push_back(std::move(*opened));
    }
  }
  return pinholes;
}

std::string OpenedPinholes::to_text() const {
  std::string text;
  for (const OpenedPinhole& opened : opened_)
    text += line_of(opened).dump(-1, ' ', true, Json::error_handler_t::replace) + '\n';
  return text;
}

Result<uint32_t> OpenedPinholes::open(Wanted wanted, const std::vector<config::Pinhole>& configured,
                                      int64_t now) {
  const auto same = std::ranges::find(opened_, wanted.hole, &OpenedPinhole::hole);
  if (same != opened_.end())
    return fail(fmt::format("pinhole {} is the same; allowed: each once, delete that one first", same->id));
  if (std::ranges::find(configured, wanted.hole) != configured.end())
    return fail("filter.inbound has the same; allowed: what the configuration does not have");
  if (wanted.comment.size() > kLongestComment)
    return fail(fmt::format("the comment is too long; allowed: at most {} bytes", kLongestComment));
  if (opened_.size() >= kMost)
    return fail(fmt::format("there are {} pinholes already; allowed: no more, delete some first", kMost));
  const int64_t ends = wanted.lifetime.count() == 0 ? 0 : now + wanted.lifetime.count();
  opened_.push_back({++last_id_, std::move(wanted.hole), ends, std::move(wanted.comment)});
  return last_id_;
}

bool OpenedPinholes::close(uint32_t id) {
  return std::erase_if(opened_, [&](const OpenedPinhole& opened) { return opened.id == id; }) != 0;
}

std::vector<OpenedPinhole> OpenedPinholes::expire(int64_t now) {
  std::vector<OpenedPinhole> ended;
  const auto has_ended = [&](const OpenedPinhole& opened) { return opened.ends != 0 && opened.ends <= now; };
  std::ranges::copy_if(opened_, std::back_inserter(ended), has_ended);
  std::erase_if(opened_, has_ended);
  return ended;
}

std::vector<config::Pinhole> OpenedPinholes::holes() const {
  std::vector<config::Pinhole> holes;
  for (const OpenedPinhole& opened : opened_) holes.push_back(opened.hole);
  return holes;
}

}  // namespace gate41
