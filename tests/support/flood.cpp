// flood: sends prepared frames by an interface at a bounded rate for a bounded time, each with some of its
// fields drawn anew. For namespaces of tests; it knows nothing of what it sends.
//
//   flood --interface eth0 --frames FILE --rate 50000 --seconds 3
//
// FILE: a frame a line, sent in turn: HEX [OFFSET:LENGTH[@CHECKSUM]]... Bytes OFFSET.. of the frame are
// random; the Internet checksum at CHECKSUM covers them and follows (RFC 1624), for which both must be even
// within what it covers. Prints {"sent": packets, "seconds": it took}. Exit 1 when the interface takes
// nothing, 2 for bad arguments.
#include <CLI/CLI.hpp>
#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <fmt/format.h>
#include <fstream>
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>
#include <optional>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace {

constexpr std::size_t kBatch = 64;
constexpr double kNanosecond = 1e-9;

struct Options {
  std::string interface;
  std::string frames;
  double rate = 10'000;  // packets a second
  double seconds = 1;
  uint64_t count = UINT64_MAX;  // packets, if that is fewer
  uint64_t seed = 1;
};

struct RandomField {
  std::size_t offset = 0;
  std::size_t length = 0;
  std::optional<std::size_t> checksum = {};
};

struct Frame {
  std::vector<uint8_t> bytes;
  std::vector<RandomField> fields;
};

// splitmix64
class Random {
 public:
  explicit Random(uint64_t seed) : state_(seed) {}
  uint64_t next() {
    uint64_t z = (state_ += 0x9e3779b97f4a7c15ULL);
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31U);
  }

 private:
  uint64_t state_;
};

std::vector<uint8_t> bytes_of(const std::string& hex) {
  std::vector<uint8_t> bytes;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
    bytes.push_back(static_cast<uint8_t>(std::stoul(hex.substr(i, 2), nullptr, 16)));
  return bytes;
}

RandomField field_of(const std::string& text) {
  const std::size_t colon = text.find(':');
  const std::size_t at = text.find('@');
  if (colon == std::string::npos) throw std::invalid_argument("a random field is OFFSET:LENGTH[@CHECKSUM]");
  RandomField field{std::stoul(text), std::stoul(text.substr(colon + 1))};
  if (at != std::string::npos) field.checksum = std::stoul(text.substr(at + 1));
  return field;
}

void check(const Frame& frame) {
  for (const RandomField& field : frame.fields)
    if (field.offset + field.length > frame.bytes.size() ||
        field.checksum.value_or(0) + 2 > frame.bytes.size() || (field.checksum && field.length % 2 != 0))
      throw std::invalid_argument(fmt::format("no such field: {}:{}", field.offset, field.length));
}

std::vector<Frame> read_frames(const std::string& path) {
  std::vector<Frame> frames;
  std::ifstream file(path);
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string word;
    words >> word;
    Frame frame{bytes_of(word), {}};
    while (words >> word) frame.fields.push_back(field_of(word));
    check(frame);
    frames.push_back(std::move(frame));
  }
  if (frames.empty()) throw std::invalid_argument(path + ": no frame");
  return frames;
}

uint32_t word_at(const std::vector<uint8_t>& bytes, std::size_t offset) {
  return static_cast<uint32_t>(bytes[offset]) << 8U | bytes[offset + 1];
}

void put_word(std::vector<uint8_t>& bytes, std::size_t offset, uint32_t word) {
  bytes[offset] = static_cast<uint8_t>(word >> 8U);
  bytes[offset + 1] = static_cast<uint8_t>(word);
}

// RFC 1624 §3, equation 3.
void replace_word(std::vector<uint8_t>& bytes, std::size_t offset, uint32_t word, std::size_t checksum) {
  uint32_t sum = (~word_at(bytes, checksum) & 0xffffU) + (~word_at(bytes, offset) & 0xffffU) + word;
  while (sum > 0xffffU) sum = (sum & 0xffffU) + (sum >> 16U);
  put_word(bytes, offset, word);
  put_word(bytes, checksum, ~sum & 0xffffU);
}

void draw(Frame& frame, Random& random) {
  for (const RandomField& field : frame.fields) {
    if (field.checksum) {
      for (std::size_t i = 0; i < field.length; i += 2)
        replace_word(frame.bytes, field.offset + i, static_cast<uint32_t>(random.next() & 0xffffU),
                     *field.checksum);
    } else {
      for (std::size_t i = 0; i < field.length; ++i)
        frame.bytes[field.offset + i] = static_cast<uint8_t>(random.next());
    }
  }
}

int open_interface(const std::string& name) {
  const int fd = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);  // 0: it receives nothing
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_ifindex = static_cast<int>(::if_nametoindex(name.c_str()));
  const int on = 1;
  if (fd < 0 || address.sll_ifindex == 0 ||
      ::setsockopt(fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof on) != 0 ||
      ::bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    throw std::runtime_error(fmt::format("{}: {}", name, std::strerror(errno)));
  return fd;
}

double now() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * kNanosecond;
}

void wait_until(double due) {
  const auto seconds = static_cast<time_t>(due);
  const timespec time{seconds, static_cast<long>((due - static_cast<double>(seconds)) / kNanosecond)};
  ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, nullptr);
}

// Copies of the next frames of the turn, and the system call's view of them.
class Batch {
 public:
  explicit Batch(std::vector<Frame> frames, uint64_t seed) : frames_(std::move(frames)), random_(seed) {}

  // How many the interface took.
  std::size_t send(int fd, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) fill(i);
    const int sent = ::sendmmsg(fd, messages_.data(), static_cast<unsigned>(count), 0);
    return sent < 0 ? 0 : static_cast<std::size_t>(sent);
  }

 private:
  void fill(std::size_t i) {
    Frame& frame = frames_[turn_];
    turn_ = (turn_ + 1) % frames_.size();
    draw(frame, random_);
    copies_[i] = frame.bytes;
    pieces_[i] = {copies_[i].data(), copies_[i].size()};
    messages_[i].msg_hdr.msg_iov = &pieces_[i];
    messages_[i].msg_hdr.msg_iovlen = 1;
  }

  std::vector<Frame> frames_;
  Random random_;
  std::size_t turn_ = 0;
  std::array<std::vector<uint8_t>, kBatch> copies_;
  std::array<iovec, kBatch> pieces_{};
  std::array<mmsghdr, kBatch> messages_{};
};

int run(const Options& options) {
  Batch batch(read_frames(options.frames), options.seed);
  const int fd = open_interface(options.interface);
  const double begin = now();
  uint64_t sent = 0;
  double due = begin;
  while (due < begin + options.seconds && sent < options.count) {
    wait_until(due);
    const uint64_t left = options.count - sent;
    sent += batch.send(fd, left < kBatch ? static_cast<std::size_t>(left) : kBatch);
    due += static_cast<double>(kBatch) / options.rate;
    due = std::max(due, now() - 0.1);  // what a busy machine has kept from us is not made up for
  }
  fmt::print("{{\"sent\": {}, \"seconds\": {:.3f}}}\n", sent, now() - begin);
  ::close(fd);
  return sent > 0 ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("sends prepared frames");
  Options options;
  app.add_option("--interface", options.interface)->required();
  app.add_option("--frames", options.frames, "a file")->required();
  app.add_option("--rate", options.rate, "packets a second")->check(CLI::PositiveNumber);
  app.add_option("--seconds", options.seconds)->check(CLI::PositiveNumber);
  app.add_option("--count", options.count, "packets at most");
  app.add_option("--seed", options.seed);
  CLI11_PARSE(app, argc, argv);
  try {
    return run(options);
  } catch (const std::exception& error) {
    fmt::print(stderr, "flood: {}\n", error.what());
    return 2;
  }
}
