// One pinhole alone: at run time, by the same rules as those of the file.
#pragma once

#include <map>
#include <string>

#include "config/findings.hpp"
#include "config/model.hpp"
#include "dataplane/base/result.hpp"

namespace gate41::config {

// `members`: as in filter.inbound[], as texts. The error has a line a wrong member, and what is allowed.
[[nodiscard]] Result<Pinhole> read_pinhole(const std::map<std::string, std::string>& members,
                                           const Config& config);

// The other way round: those that are not as by default.
[[nodiscard]] std::map<std::string, std::string> pinhole_members(const Pinhole& pinhole);
// "1h", "90s": of a pinhole that ends by itself.
[[nodiscard]] Result<Seconds> read_lifetime(const std::string& text);

// What no single key can tell; `path` is the pinhole's.
void check_pinhole(const Pinhole& pinhole, const std::string& path, const Config& config, Findings& findings);

}  // namespace gate41::config
