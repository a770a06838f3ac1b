// Chance that is the same in every run.
#pragma once

#include <initializer_list>
#include <random>

namespace gate41::testing {

class Chance {
 public:
  unsigned below(unsigned limit) { return static_cast<unsigned>(random_() % limit); }
  bool one_in(unsigned n) { return below(n) == 0; }
  template <typename T>
  T of(std::initializer_list<T> choices) {
    return choices.begin()[below(static_cast<unsigned>(choices.size()))];
  }

 private:
  std::mt19937 random_{41};
};

}  // namespace gate41::testing
