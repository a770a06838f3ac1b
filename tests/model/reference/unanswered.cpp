#include "tests/model/reference/unanswered.hpp"

#include <utility>

namespace gate41::model {

void Unanswered::opened(Headers headers) {
  std::swap(headers.source, headers.destination);
  std::swap(headers.source_port, headers.destination_port);
  knocks_.erase(connection_of(headers));
}

std::vector<Headers> Unanswered::due(Time now) {
  std::vector<Headers> headers;
  for (auto knock = knocks_.begin(); knock != knocks_.end();) {
    if (now - knock->second.at < kPatience) {
      ++knock;
      continue;
    }
    headers.push_back(knock->second.headers);
    knock = knocks_.erase(knock);
  }
  return headers;
}

}  // namespace gate41::model
