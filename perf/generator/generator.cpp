#include "perf/generator/generator.hpp"

#include <algorithm>
#include <csignal>
#include <fmt/core.h>
#include <sched.h>
#include <utility>

#include <rte_cycles.h>
#include <rte_mbuf.h>

#include "dataplane/net/parse.hpp"
#include "perf/generator/pacer.hpp"

namespace gate41::generator {
namespace {

constexpr double kQuestionsASecond = 10;
// A device may limit what it listens to of neighbour discovery.
constexpr double kIntroductionsASecond = 500;
constexpr uint32_t kMostIntroductions = 1000;
constexpr double kPatience = 10;  // seconds for the device's MAC, where nobody has said how long
constexpr uint64_t kReadyPackets = 1U << 16U;

volatile std::sig_atomic_t stopped = 0;

uint64_t in_cycles(double seconds) {
  return static_cast<uint64_t>(seconds * static_cast<double>(rte_get_tsc_hz()));
}
double in_seconds(uint64_t cycles) {
  return static_cast<double>(cycles) / static_cast<double>(rte_get_tsc_hz());
}

std::span<uint8_t> bytes_of(rte_mbuf* packet) {
  return {rte_pktmbuf_mtod(packet, uint8_t*), rte_pktmbuf_data_len(packet)};
}

// Others may have the core when there was nothing to do.
void let_others(bool busy) {
  if (!busy) ::sched_yield();
}

Pacer pacer_of(const Traffic& traffic, double rate) {
  return {rate, rte_get_tsc_hz(), in_cycles(traffic.catch_up)};
}

}  // namespace

void stop_generators() noexcept { stopped = 1; }

// How one side sends: its rate, and its change to another.
class Pacing {
 public:
  Pacing(const Traffic& traffic, uint64_t now)
      : pacer_(pacer_of(traffic, traffic.rate)), then_(pacer_of(traffic, traffic.then_rate)), begin_(now) {
    if (traffic.then_rate > 0) then_at_ = now + in_cycles(traffic.then_after);
    pacer_.start(now);
  }
  // Packets that are due; notes the change in the stream.
  uint64_t due(uint64_t now, Stream& stream) {
    if (then_at_ && now >= *then_at_) {
      pacer_ = then_;
      pacer_.start(now);
      then_at_.reset();
      stream.sent_before_then = stream.sent;
    }
    return pacer_.due(now);
  }
  void sent(uint64_t packets, uint64_t now, Stream& stream) {
    pacer_.sent(packets);
    stream.sent += packets;
    stream.seconds = in_seconds(now - begin_);
  }

 private:
  Pacer pacer_;
  Pacer then_;
  std::optional<uint64_t> then_at_;
  uint64_t begin_;
};

Generator::Generator(const Job& job, std::unique_ptr<Port> lan, std::unique_ptr<Port> wan, rte_mempool* pool)
    : space_(job.space),
      traffic_(job.traffic),
      pool_(pool),
      next_run_(static_cast<uint16_t>(rte_rdtsc())),
      ns_per_cycle_(1e9 / static_cast<double>(rte_get_tsc_hz())) {
  ends_[0] = {job.lan, std::move(lan), {}};
  ends_[1] = {job.wan, std::move(wan), {}};
  for (End& end : ends_)
    if (end.port) end.setup.link.own = end.setup.around.own_mac = end.port->mac();
}

Generator::Trial Generator::trial(bool echo, FlowOrder order, uint64_t flows) {
  Trial trial;
  trial.run = ++next_run_;
  trial.echo = echo;
  trial.order = order;
  trial.flows = flows;
  return trial;
}

Flow Generator::flow_at(const Trial& trial, uint32_t sequence) const noexcept {
  return flow_of(space_, traffic_.first_flow + flow_index(trial.order, trial.flows, sequence));
}

Result<Findings> Generator::run() {
  if (traffic_.mode == Mode::echo) {
    echo_for_others();
    return std::move(findings_);
  }
  for (const Side side : {Side::lan, Side::wan})
    if (Result<void> met = meet_device(side); !met) return tl::unexpected(met.error());
  introduce_hosts();
  if (Result<void> ready = wait_ready(); !ready) return tl::unexpected(ready.error());
  if (traffic_.open_rate > 0) open_flows();
  Trial main = trial(traffic_.echo, traffic_.order, traffic_.flows);
  carry_traffic(main);
  findings_.streams = std::move(main.streams);
  return std::move(findings_);
}

// Asks until it is told, as a host does.
Result<void> Generator::meet_device(Side side) {
  End& asking = end(side);
  if (!asking.port) return {};
  Trial nothing = trial(false, FlowOrder::turn, 1);
  Pacer pacer = pacer_of(traffic_, kQuestionsASecond);
  pacer.start(rte_rdtsc());
  for (const uint64_t limit = rte_rdtsc() + in_cycles(traffic_.ready > 0 ? traffic_.ready : kPatience);
       asking.setup.link.device.is_zero();) {
    if (rte_rdtsc() > limit || stopped != 0)
      return fail(fmt::format("{}: the device under test does not say its MAC; is --{}-device right?",
                              asking.setup.device, side == Side::lan ? "lan" : "wan"));
    if (pacer.due(rte_rdtsc()) > 0) {
      pacer.sent(1);
      ask(side, asking.setup.around);
    }
    let_others(receive(nothing));
  }
  asking.maker.emplace(asking.setup.link, side);
  return {};
}

// The LAN's hosts ask for the device too, as hosts do before they send: it knows them from then on, and the
// first packet to each does not wait. Those that are behind a router of the LAN are none of its neighbours.
void Generator::introduce_hosts() {
  const SideSetup& lan = end(Side::lan).setup;
  if (!end(Side::lan).port || lan.around.device_v6.is_unspecified() ||
      !space_.lan_prefix.contains(lan.around.own_v6))
    return;
  Trial nothing = trial(false, FlowOrder::turn, 1);
  Neighbourhood asking = lan.around;
  Pacer pacer = pacer_of(traffic_, kIntroductionsASecond);
  pacer.start(rte_rdtsc());
  for (uint32_t host = 0; host < std::min(space_.lan_hosts, kMostIntroductions) && stopped == 0;) {
    if (pacer.due(rte_rdtsc()) > 0) {
      pacer.sent(1);
      asking.own_v6 = lan_host(space_, host++);
      ask(Side::lan, asking);
    }
    let_others(receive(nothing));
  }
}

void Generator::ask(Side side, const Neighbourhood& asking) {
  Replies questions;
  reply(question(asking), rte_pktmbuf_alloc(pool_), questions);
  if (questions.count > 0 && end(side).port->send({questions.packets.data(), 1}) == 0)
    rte_pktmbuf_free(questions.packets[0]);
}

// A packet from the LAN has come back: the device is up and has a way out, and its neighbours are known to
// it.
Result<void> Generator::wait_ready() {
  if (traffic_.ready == 0 || !ends_[0].port || !ends_[1].port) return {};
  Trial first = trial(true, FlowOrder::turn, 1);
  Stream& stream = first.of(Side::lan).emplace(kReadyPackets);
  Pacer pacer = pacer_of(traffic_, kQuestionsASecond);
  pacer.start(rte_rdtsc());
  for (const uint64_t limit = rte_rdtsc() + in_cycles(traffic_.ready); stream.reception.received() == 0;) {
    if (rte_rdtsc() > limit || stopped != 0)
      return fail(fmt::format(
          "no packet from the LAN came back within {} s: {} of {} arrived on the WAN, {} otherwise "
          "than they were sent",
          traffic_.ready, first.turned[0], stream.sent, stream.reception.wrong()));
    if (pacer.due(rte_rdtsc()) > 0) {
      pacer.sent(1);
      stream.sent += send(first, Side::lan, static_cast<uint32_t>(stream.sent), 1);
    }
    let_others(receive(first));
  }
  return {};
}

void Generator::open_flows() {
  Trial opening = trial(true, FlowOrder::turn, traffic_.flows);
  opening.of(Side::lan).emplace(traffic_.flows);
  Opening& found = findings_.opening.emplace();
  found.flows = traffic_.flows;
  const Stream& stream = *opening.of(Side::lan);
  for (unsigned pass = 0; pass < traffic_.open_passes && stream.reception.received() < found.flows; ++pass) {
    open_missing(opening);
    drain(opening);
  }
  found.arrived = std::min(opening.turned[0], found.flows);
  found.answered = stream.reception.received();
  found.sent = stream.sent;
  found.seconds = stream.seconds;
}

// Those that have not come back, each once. What a port does not take is tried in the next pass.
void Generator::open_missing(Trial& trial) {
  Stream& stream = *trial.of(Side::lan);
  Pacer pacer = pacer_of(traffic_, traffic_.open_rate);
  const uint64_t begin = rte_rdtsc();
  pacer.start(begin);
  for (uint64_t next = 0; next < trial.flows && stopped == 0;) {
    if (stream.reception.has(static_cast<uint32_t>(next))) {
      ++next;
      continue;
    }
    const uint64_t due = std::min<uint64_t>({pacer.due(rte_rdtsc()), kBurst, trial.flows - next});
    uint64_t run = 0;
    while (run < due && !stream.reception.has(static_cast<uint32_t>(next + run))) ++run;
    if (run > 0) {
      stream.sent += send(trial, Side::lan, static_cast<uint32_t>(next), run);
      pacer.sent(run);
      next += run;
    }
    let_others(receive(trial) || run > 0);
  }
  stream.seconds += in_seconds(rte_rdtsc() - begin);
}

void Generator::carry_traffic(Trial& trial) {
  const uint64_t begin = rte_rdtsc();
  const uint64_t limit = begin + in_cycles(traffic_.seconds);
  std::array<Pacing, 2> pacing = {Pacing(traffic_, begin), Pacing(traffic_, begin)};
  for (const Side side : {Side::lan, Side::wan})
    if (traffic_.sends(side)) trial.of(side).emplace(traffic_.most());
  const auto more = [&](Side side) { return trial.of(side) && trial.of(side)->sent < traffic_.most(); };
  for (uint64_t now = begin; now < limit && stopped == 0; now = rte_rdtsc()) {
    if (!more(Side::lan) && !more(Side::wan)) break;
    for (const Side side : {Side::lan, Side::wan})
      if (more(side)) send_due(trial, side, pacing[static_cast<std::size_t>(side)], now);
    let_others(receive(trial));
  }
  drain(trial);
}

void Generator::send_due(Trial& trial, Side from, Pacing& pacing, uint64_t now) {
  Stream& stream = *trial.of(from);
  const uint64_t left = traffic_.most() - stream.sent;
  const uint64_t count = std::min<uint64_t>({pacing.due(now, stream), kBurst, left});
  if (count == 0) return;
  pacing.sent(send(trial, from, static_cast<uint32_t>(stream.sent), count), now, stream);
}

// Until all are here, or it takes too long.
void Generator::drain(Trial& trial) {
  const auto complete = [](const std::optional<Stream>& stream) {
    return !stream || stream->reception.received() >= std::min(stream->sent, stream->reception.most());
  };
  const uint64_t limit = rte_rdtsc() + in_cycles(traffic_.drain);
  while (rte_rdtsc() < limit && stopped == 0 && !std::ranges::all_of(trial.streams, complete))
    let_others(receive(trial));
}

void Generator::echo_for_others() {
  Trial nothing = trial(true, FlowOrder::turn, 1);
  for (const uint64_t limit = rte_rdtsc() + in_cycles(traffic_.seconds); rte_rdtsc() < limit && stopped == 0;)
    let_others(receive(nothing));
}

// Returns how many the port took.
uint16_t Generator::send(const Trial& trial, Side from, uint32_t first, uint64_t count) {
  std::array<rte_mbuf*, kBurst> packets;
  const auto wanted = static_cast<uint16_t>(count);
  if (rte_pktmbuf_alloc_bulk(pool_, packets.data(), wanted) != 0) return 0;
  End& sender = end(from);
  Stamp stamp{trial.run, from, first, rte_rdtsc()};
  for (uint16_t i = 0; i < wanted; ++i, ++stamp.sequence) {
    const Flow flow = flow_at(trial, stamp.sequence);
    const uint16_t size = traffic_.sizes[stamp.sequence % traffic_.sizes.size()];
    const std::span<uint8_t> room(rte_pktmbuf_mtod(packets[i], uint8_t*), rte_pktmbuf_tailroom(packets[i]));
    rte_pktmbuf_append(packets[i], static_cast<uint16_t>(sender.maker->make(room, flow, stamp, size)));
  }
  const uint16_t taken = sender.port->send({packets.data(), wanted});
  if (taken < wanted) rte_pktmbuf_free_bulk(packets.data() + taken, wanted - taken);
  return taken;
}

bool Generator::receive(Trial& trial) {
  const bool lan = receive_from(Side::lan, trial);
  const bool wan = receive_from(Side::wan, trial);
  return lan || wan;
}

bool Generator::receive_from(Side side, Trial& trial) {
  Port* port = end(side).port.get();
  if (port == nullptr) return false;
  std::array<rte_mbuf*, kBurst> packets;
  const uint16_t count = port->receive(packets);
  const uint64_t now = rte_rdtsc();
  Replies replies;
  for (uint16_t i = 0; i < count; ++i) handle(side, trial, packets[i], now, replies);
  const uint16_t taken =
      replies.count == 0 ? uint16_t{0} : port->send({replies.packets.data(), replies.count});
  if (taken < replies.count) {
    findings_.unsent += replies.count - taken;
    rte_pktmbuf_free_bulk(replies.packets.data() + taken, replies.count - taken);
  }
  return count > 0;
}

void Generator::handle(Side side, Trial& trial, rte_mbuf* packet, uint64_t now, Replies& replies) {
  const Bytes frame = bytes_of(packet);
  const ParsedPacket parsed = parse_frame(frame);
  const SideSetup& here = end(side).setup;
  if (const auto stamp = stamp_of(here.link.tunnel, parsed, frame))
    return handle_stamped(side, trial, packet, parsed, *stamp, now, replies);
  learn(side, parsed, frame);
  const std::vector<uint8_t> answered = answer(here.around, parsed, frame);
  if (answered.empty()) {
    ++findings_.others;
    rte_pktmbuf_free(packet);
    return;
  }
  ++findings_.answers;
  reply(answered, packet, replies);
}

void Generator::handle_stamped(Side side, Trial& trial, rte_mbuf* packet, const ParsedPacket& parsed,
                               const Stamp& stamp, uint64_t now, Replies& replies) {
  if (traffic_.mode == Mode::echo) return turn(packet, parsed, replies);
  std::optional<Stream>& stream = trial.of(stamp.origin);
  if (stamp.run != trial.run || !stream) {
    ++findings_.stale;
    rte_pktmbuf_free(packet);
    return;
  }
  const bool came_back = side == stamp.origin;
  const Flow flow = flow_at(trial, stamp.sequence);
  if (!matches(end(side).setup.link, parsed, flow, came_back ? other(side) : stamp.origin)) {
    stream->reception.take_wrong();
  } else if (trial.echo && !came_back) {
    ++trial.turned[static_cast<std::size_t>(stamp.origin)];
    return turn(packet, parsed, replies);
  } else {
    const uint64_t cycles = now > stamp.cycles ? now - stamp.cycles : 0;
    stream->reception.take(stamp.sequence,
                           static_cast<uint64_t>(static_cast<double>(cycles) * ns_per_cycle_));
  }
  rte_pktmbuf_free(packet);
}

void Generator::turn(rte_mbuf* packet, const ParsedPacket& parsed, Replies& replies) {
  turn_around(bytes_of(packet), parsed);
  ++findings_.echoed;
  replies.packets[replies.count++] = packet;
}

// In the mbuf of the packet that it answers.
void Generator::reply(Bytes frame, rte_mbuf* packet, Replies& replies) {
  if (packet == nullptr) return;
  rte_pktmbuf_reset(packet);
  uint8_t* room =
      frame.size() > rte_pktmbuf_tailroom(packet)
          ? nullptr
          : reinterpret_cast<uint8_t*>(rte_pktmbuf_append(packet, static_cast<uint16_t>(frame.size())));
  if (room == nullptr) return rte_pktmbuf_free(packet);
  std::ranges::copy(frame, room);
  replies.packets[replies.count++] = packet;
}

void Generator::learn(Side side, const ParsedPacket& parsed, Bytes frame) {
  End& here = end(side);
  if (!here.setup.link.device.is_zero()) return;
  if (const auto mac = device_mac(here.setup.around, parsed, frame)) here.setup.link.device = *mac;
}

}  // namespace gate41::generator
