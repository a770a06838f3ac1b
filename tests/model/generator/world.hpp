// World: a sequence in the making: its time, its hosts, what has been sent. What talks emits packets here;
// the world spoils some on their way: fragments them, holds them back, sends them twice.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <random>

#include "tests/model/generator/event.hpp"
#include "tests/model/generator/features.hpp"

namespace gate41::model {

class World {
 public:
  World(uint64_t seed, Features features, Time begin);

  [[nodiscard]] bool has(Feature feature) const { return features_.has(feature); }

  // --- chance; the same everywhere for one seed, so no std::uniform_int_distribution
  uint64_t number() { return random_(); }
  uint64_t below(uint64_t bound) { return random_() % bound; }
  bool chance(unsigned percent) { return below(100) < percent; }
  bool rarely(unsigned per_thousand) { return below(1000) < per_thousand; }
  template <typename T>
  T one_of(std::initializer_list<T> values) {
    return values.begin()[below(values.size())];
  }

  Direction some_direction() { return one_of({Direction::outbound, Direction::inbound}); }
  Host lan_host() { return {Place::lan, static_cast<uint8_t>(below(4))}; }
  Host far_host();

  // One packet, now.
  void emit(const Packet& packet, Direction direction);
  void change_policy();
  // Some time passes; most often little.
  void wait();
  // Sends some of what was held back.
  void release();

  [[nodiscard]] const Sequence& sequence() const { return sequence_; }
  [[nodiscard]] Sequence take() { return std::move(sequence_); }
  // One of the last packets, or nullptr.
  const Event* recent();

 private:
  struct Held {
    Packet packet;
    Direction direction;
  };
  void put(const Packet& packet, Direction direction);
  // --- fragments.cpp
  void put_fragmented(Packet packet, Direction direction);
  void put_in_order(Packet packet, Direction direction);
  void put_wildly(Packet packet, Direction direction);
  [[nodiscard]] uint16_t spoilt(uint16_t offset, uint16_t length);
  void put_piece(const Packet& packet, uint16_t offset, uint16_t length, bool more, Direction direction);
  [[nodiscard]] bool may_repeat(const Packet& packet) const;
  void wait_for_a_bound();
  [[nodiscard]] seconds some_bound();
  // --- policies.cpp
  [[nodiscard]] Policy some_policy();
  [[nodiscard]] Timers some_timers();
  [[nodiscard]] std::vector<Pinhole> some_pinholes();
  // Sources and destinations that no packet may have.
  void misplace(Packet& packet, Direction direction);

  std::mt19937_64 random_;
  Features features_;
  Time now_;
  Timers timers_;  // that hold now
  uint32_t fragmented_ = 0;
  Time last_{-1};
  Sequence sequence_;
  std::vector<Held> held_;
};

}  // namespace gate41::model
