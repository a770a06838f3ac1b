#include "appliance/init/journal.hpp"

#include <fmt/core.h>

#include "appliance/init/lines.hpp"

namespace gate41::appliance {

void Journal::add(std::string_view source, std::string_view line) {
  const std::string text = readable(line);
  log_.add(now(), source, text);
  if (on_console_) fmt::print(stderr, "{}: {}\n", source, text);
}

}  // namespace gate41::appliance
