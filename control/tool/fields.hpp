// Members of the daemon's JSON as text and numbers. What is missing or of another kind reads as "-", 0, false
// or empty: a newer daemon must not break an older tool. All text is printable().
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace gate41::tool {

using Json = nlohmann::json;

std::string text_of(const Json& value);  // one scalar
std::string text(const Json& object, std::string_view key);
std::string joined(const Json& object, std::string_view key);  // a list of scalars: "a, b"; empty: "-"
double number(const Json& object, std::string_view key);
bool flag(const Json& object, std::string_view key);
bool given(const Json& object, std::string_view key);        // there, and neither null, "" nor []
const Json& at(const Json& object, std::string_view key);    // null where missing
const Json& list(const Json& object, std::string_view key);  // an empty list where it is none

}  // namespace gate41::tool
