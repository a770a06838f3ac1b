#include "control/tool/fields.hpp"

#include "control/tool/text.hpp"

namespace gate41::tool {
namespace {

const Json& null() {
  static const Json value;
  return value;
}

const Json& empty_list() {
  static const Json value = Json::array();
  return value;
}

bool is_empty_text(const Json& value) {
  return value.is_string() && value.get_ref<const std::string&>().empty();
}

}  // namespace

const Json& at(const Json& object, std::string_view key) {
  if (!object.is_object()) return null();
  const auto found = object.find(key);
  return found == object.end() ? null() : *found;
}

const Json& list(const Json& object, std::string_view key) {
  const Json& value = at(object, key);
  return value.is_array() ? value : empty_list();
}

std::string text_of(const Json& value) {
  if (value.is_null() || is_empty_text(value)) return "-";
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  if (value.is_string()) return printable(value.get_ref<const std::string&>());
  return value.dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::string text(const Json& object, std::string_view key) { return text_of(at(object, key)); }

std::string joined(const Json& object, std::string_view key) {
  std::string all;
  for (const Json& value : list(object, key)) all += (all.empty() ? "" : ", ") + text_of(value);
  return all.empty() ? "-" : all;
}

double number(const Json& object, std::string_view key) {
  const Json& value = at(object, key);
  return value.is_number() ? value.get<double>() : 0;
}

bool flag(const Json& object, std::string_view key) { return at(object, key) == true; }

bool given(const Json& object, std::string_view key) {
  const Json& value = at(object, key);
  return !value.is_null() && !is_empty_text(value) && !(value.is_array() && value.empty());
}

}  // namespace gate41::tool
