#include "appliance/init/health.hpp"

namespace gate41::appliance {

void Health::on_message(std::string_view message, TimePoint now) {
  heard_ = now;
  constexpr std::string_view kStatus = "STATUS=";
  while (!message.empty()) {
    const std::string_view line = message.substr(0, message.find('\n'));
    message.remove_prefix(std::min(line.size() + 1, message.size()));
    if (line == "READY=1") ready_ = true;
    if (line.starts_with(kStatus)) sentence_ = line.substr(kStatus.size());
  }
}

std::optional<TimePoint> Health::deadline() const {
  if (!heard_) return std::nullopt;
  return *heard_ + kSilence;
}

}  // namespace gate41::appliance
