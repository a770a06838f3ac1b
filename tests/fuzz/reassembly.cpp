// Reassembly of outer fragments: whatever comes in whatever order, a whole packet has the bytes that its
// fragments had, and every fragment is held, given back or given up exactly once.
#include "dataplane/net/reassembler.hpp"
#include "tests/fuzz/target.hpp"

namespace gate41::fuzz {
namespace {

// Five bytes of input make one fragment.
struct Step {
  uint8_t datagram;  // which: low bits the id, high bits the source
  uint8_t offset;    // in units of eight bytes
  uint8_t length;    // the same; the last fragment is `rest` longer
  uint8_t rest;      // 0..7; bit 7: more fragments
  uint8_t pause;     // 1/8 s
};

// What stands at `at` in the payload of a datagram.
uint8_t byte_of(uint8_t datagram, std::size_t at) {
  return static_cast<uint8_t>(datagram * 37U + at * 11U + at / 256U);
}

constexpr std::size_t kHeader = 20;

class Fragments {
 public:
  void send(const Step& step) {
    now_ += std::chrono::milliseconds(step.pause * 125U);
    held_ -= reassembler_.expire(now_);
    const bool more = (step.rest & 0x80U) != 0;
    const std::size_t offset = step.offset * 8U;
    const std::size_t length = step.length * 8U + (more ? 0U : step.rest & 7U);
    if ((offset == 0 && !more) || length == 0 || offset + length > 0xffff - kHeader) return;
    take(step.datagram, reassembler_.add(fragment(step.datagram, offset, length, more), now_));
  }

 private:
  // Its bytes stand in `bytes_` until the next one.
  Fragment fragment(uint8_t datagram, std::size_t offset, std::size_t length, bool more) {
    bytes_.assign(kHeader + length, 0);
    for (std::size_t i = 0; i < length; ++i) bytes_[kHeader + i] = byte_of(datagram, offset + i);
    Fragment result;
    result.source = Ipv6Address::from_halves(0, datagram >> 5U);
    result.destination = Ipv6Address::from_halves(0, 1);
    result.id = datagram;
    result.offset = static_cast<uint16_t>(offset);
    result.more = more;
    result.header = Bytes(bytes_).first(kHeader);
    result.payload = Bytes(bytes_).subspan(kHeader);
    return result;
  }

  void take(uint8_t datagram, const Reassembler::Result& result) {
    held_ -= result.lost.fragments;
    if (result.state == Reassembler::State::held) ++held_;
    if (result.state == Reassembler::State::whole) {
      held_ -= result.parts;
      require(result.packet.size() > kHeader && result.packet.size() <= kHeader + kMaxReassembled);
      for (std::size_t i = kHeader; i < result.packet.size(); ++i)
        require(result.packet[i] == byte_of(datagram, i - kHeader));
    }
    require(reassembler_.held() == held_);
    require(reassembler_.datagrams() <= reassembler_.capacity());
  }

  Reassembler reassembler_{HashSecret{}, 1};
  TimePoint now_{std::chrono::seconds(1000)};
  uint32_t held_ = 0;
  std::vector<uint8_t> bytes_;
};

}  // namespace
}  // namespace gate41::fuzz

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  using namespace gate41;
  fuzz::Fragments fragments;
  Reader input({data, size});
  while (input.remaining() >= sizeof(fuzz::Step)) fragments.send(input.read<fuzz::Step>());
  return 0;
}
