// matrix_driver: frames through the packet path of one box, and what became of each. No device, no network:
// all numbers are big-endian, on stdin and stdout.
//
//   in    u32 length, scenario (scenario.hpp); then, until the end, frames:
//         u32 milliseconds that pass before it, u16 device, u16 length, bytes
//   out   u32 length, names of the counters, a line each; then for each frame:
//         u16 count of counters that moved, each u16 number, u16 by how much;
//         u16 count of frames that left, each u16 device, u16 length, bytes
#include <array>
#include <gtest/gtest.h>
#include <iostream>
#include <string>

#include <rte_eal.h>

#include "dataplane/net/byte_order.hpp"
#include "tests/matrix/driver/box.hpp"
#include "tests/matrix/driver/counts.hpp"

namespace gate41::matrix {
namespace {

template <typename Wire>
auto get() {
  Wire value{};
  std::cin.read(reinterpret_cast<char*>(&value), sizeof value);
  return value.host();
}

std::vector<uint8_t> get_bytes(std::size_t length) {
  std::vector<uint8_t> bytes(length);
  std::cin.read(reinterpret_cast<char*>(bytes.data()), static_cast<std::streamsize>(length));
  return bytes;
}

void put(uint32_t value) {
  const Be32 wire(value);
  std::cout.write(reinterpret_cast<const char*>(&wire), sizeof wire);
}

void put16(std::size_t value) {
  const Be16 wire(static_cast<uint16_t>(value));
  std::cout.write(reinterpret_cast<const char*>(&wire), sizeof wire);
}

void put_names() {
  std::string text;
  for (const std::string& name : count_names()) text += name + '\n';
  put(static_cast<uint32_t>(text.size()));
  std::cout << text;
}

void put_moved(const std::vector<uint64_t>& before, const std::vector<uint64_t>& after) {
  std::vector<std::size_t> moved;
  for (std::size_t i = 0; i < after.size(); ++i)
    if (after[i] != before[i]) moved.push_back(i);
  put16(moved.size());
  for (const std::size_t i : moved) {
    put16(i);
    put16(after[i] - before[i]);
  }
}

void put_frames(const std::vector<testing::Sent>& frames) {
  put16(frames.size());
  for (const testing::Sent& frame : frames) {
    put16(frame.device);
    put16(frame.bytes.size());
    std::cout.write(reinterpret_cast<const char*>(frame.bytes.data()),
                    static_cast<std::streamsize>(frame.bytes.size()));
  }
}

void run() {
  const std::vector<uint8_t> text = get_bytes(get<Be32>());
  const auto box = make_box(read_scenario({text.begin(), text.end()}));
  put_names();
  std::vector<uint64_t> before = counts(box->totals());
  while (std::cin.peek() != std::char_traits<char>::eof()) {
    box->now += std::chrono::milliseconds(get<Be32>());
    box->pipeline->tick(box->now);
    const uint16_t device = get<Be16>();
    const testing::Outcome outcome = box->receive(device, get_bytes(get<Be16>()));
    std::vector<uint64_t> after = counts(box->totals());
    put_moved(before, after);
    put_frames(outcome.sent);
    before = std::move(after);
  }
}

void start_eal() {
  std::array<std::string, 8> words = {"matrix_driver", "--no-huge",      "-m",           "128", "--no-pci",
                                      "--no-shconf",   "--no-telemetry", "--log-level=3"};
  std::array<char*, 8> arguments{};
  for (std::size_t i = 0; i < words.size(); ++i) arguments[i] = words[i].data();
  if (rte_eal_init(static_cast<int>(arguments.size()), arguments.data()) < 0) std::exit(1);
}

}  // namespace
}  // namespace gate41::matrix

int main() {
  std::ios::sync_with_stdio(false);
  // The harness asserts that each packet is counted once and each buffer comes back.
  GTEST_FLAG_SET(throw_on_failure, true);
  gate41::matrix::start_eal();
  gate41::matrix::run();
  std::cout.flush();
  rte_eal_cleanup();
}
