// Mutator: good frames made bad in ways that hit length checks, extension chains and versions; the same
// frames for the same seed.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

namespace gate41::testing {

using Frame = std::vector<uint8_t>;

class Mutator {
 public:
  explicit Mutator(uint64_t seed) : random_(seed) {}
  // A mutated copy; now and then an unchanged one, or noise.
  Frame mutate(Frame frame);
  // 0 .. limit - 1
  std::size_t below(std::size_t limit) { return static_cast<std::size_t>(random_() % limit); }

 private:
  void mutate_once(Frame& frame);
  void set_byte(Frame& frame);
  void set_word(Frame& frame);
  void set_length_field(Frame& frame);
  void set_next_header(Frame& frame);
  void insert_extension(Frame& frame);
  void resize(Frame& frame);
  void repeat_part(Frame& frame);
  uint8_t byte() { return static_cast<uint8_t>(random_()); }

  std::mt19937_64 random_;
};

}  // namespace gate41::testing
