// OpenedPinholes: the pinholes that operators have opened at run time, beside those of the configuration:
// bounded, each with an id, some with an end. Kept as text by the caller, over restarts; so their ends are
// wall-clock time, seconds since 1970. Sans-I/O; control thread only.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/model.hpp"
#include "dataplane/base/result.hpp"

namespace gate41 {

struct OpenedPinhole {
  uint32_t id = 0;
  config::Pinhole hole;
  int64_t ends = 0;  // 0: when it is deleted
  std::string comment;
  bool operator==(const OpenedPinhole&) const = default;
};

class OpenedPinholes {
 public:
  static constexpr std::size_t kMost = 1024;
  static constexpr std::size_t kLongestComment = 80;  // bytes

  struct Wanted {
    config::Pinhole hole;
    std::chrono::seconds lifetime{0};  // 0: until it is deleted
    std::string comment;
  };

  // What to_text() gave, by the rules of this configuration; `left_out` gets a sentence for each that has no
  // place in it. What has ended meanwhile is expire()'s.
  static OpenedPinholes from_text(std::string_view text, const config::Config& config,
                                  std::vector<std::string>& left_out);
  [[nodiscard]] std::string to_text() const;

  // The id, or why not. `configured`: one more of these would do nothing.
  Result<uint32_t> open(Wanted wanted, const std::vector<config::Pinhole>& configured, int64_t now);
  // False: there is none of this id.
  bool close(uint32_t id);
  // Those that have ended since.
  std::vector<OpenedPinhole> expire(int64_t now);

  [[nodiscard]] const std::vector<OpenedPinhole>& all() const { return opened_; }
  [[nodiscard]] std::vector<config::Pinhole> holes() const;

 private:
  std::vector<OpenedPinhole> opened_;  // by id
  uint32_t last_id_ = 0;
};

}  // namespace gate41
