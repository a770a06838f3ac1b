#include "tests/model/generator/features.hpp"

#include <algorithm>

namespace gate41::model {

std::optional<Features> features_of(std::string_view names) {
  Features features;
  while (!names.empty()) {
    const std::string_view name = names.substr(0, names.find(','));
    names.remove_prefix(std::min(names.size(), name.size() + 1));
    const auto found = std::ranges::find(kFeatureNames, name);
    if (found == kFeatureNames.end()) return std::nullopt;
    features.add(static_cast<Feature>(found - kFeatureNames.begin()));
  }
  return features;
}

}  // namespace gate41::model
