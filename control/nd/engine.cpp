#include "control/nd/engine.hpp"

#include "control/nd/answers.hpp"
#include "control/nd/context.hpp"
#include "control/nd/messages.hpp"
#include "control/nd/mld.hpp"
#include "control/nd/own_addresses.hpp"
#include "control/nd/resolver.hpp"
#include "control/ndwire/message.hpp"
#include "control/ndwire/options.hpp"
#include "control/ndwire/received.hpp"
#include "dataplane/net/headers.hpp"

namespace gate41::nd {
namespace {

constexpr uint8_t kMldQuery = 130;

// ff02::1:ff00:0/104
bool is_solicited_node_group(const Ipv6Address& address) { return address == solicited_node(address); }

}  // namespace

struct Engine::Parts {
  Parts(const Settings& settings, uint64_t seed) : context(settings, seed) {}

  Context context;
  Mld mld{context};
  OwnAddresses own{context, mld};
  Resolver resolver{context, own};
  Answers answers{context, own};

  // Each is false for a frame that is not valid.
  bool on_solicitation(const ndwire::Received& received, TimePoint now);
  bool on_advertisement(const ndwire::Received& received, TimePoint now);
  bool on_frame(Bytes frame, TimePoint now);

  void on_probe(const Ipv6Address& target, const ndwire::Received& received, TimePoint now);
  void on_question(const Ipv6Address& target, const ndwire::Received& received, TimePoint now);
  std::optional<Sighting> sighting(const ndwire::Received& received, uint8_t option_type) const;
};

// Our own MAC in somebody else's option would loop his packets: it counts as no option.
std::optional<Sighting> Engine::Parts::sighting(const ndwire::Received& received, uint8_t option_type) const {
  const auto mac = ndwire::find_lladdr(received.options, option_type);
  if (!mac || *mac == context.settings.mac) return std::nullopt;
  return Sighting{*mac, received.ether_source};
}

bool Engine::Parts::on_frame(Bytes frame, TimePoint now) {
  const auto message = ndwire::read_icmpv6(frame);
  if (!message) return false;
  if (message->type == kMldQuery) return mld.on_query(*message, now);
  const bool solicitation = message->type == icmpv6_type::kNeighbourSolicitation;
  if (!solicitation && message->type != icmpv6_type::kNeighbourAdvertisement) return true;  // not for us
  const auto received = ndwire::read_nd(frame);
  if (!received) return false;
  return solicitation ? on_solicitation(*received, now) : on_advertisement(*received, now);
}

// RFC 4861 §7.1.1.
bool Engine::Parts::on_solicitation(const ndwire::Received& received, TimePoint now) {
  Reader fields = received.fields();
  fields.skip(4);
  const auto target = fields.read<Ipv6Address>();
  if (target.is_multicast()) return false;
  ++context.questions.all;
  if (received.destination.is_multicast()) ++context.questions.by_multicast;
  if (!received.source.is_unspecified()) {
    on_question(target, received, now);
    return true;
  }
  const bool has_lladdr =
      ndwire::find_option(received.options, ndwire::option_type::kSourceLladdr).has_value();
  if (!is_solicited_node_group(received.destination) || has_lladdr) return false;
  on_probe(target, received, now);
  return true;
}

void Engine::Parts::on_probe(const Ipv6Address& target, const ndwire::Received& received, TimePoint now) {
  const auto nonce = ndwire::find_option(received.options, ndwire::option_type::kNonce);
  if (own.on_probe(target, nonce ? nonce->data : Bytes{}, received.ether_source, now))
    answers.answer(target, Ipv6Address{}, {multicast_mac(kAllNodes)}, now);
}

// A solicitation from an address of ours is an echo, or a conflict that his advertisements will show.
void Engine::Parts::on_question(const Ipv6Address& target, const ndwire::Received& received, TimePoint now) {
  if (!own.is_ready(target) || own.is_own(received.source)) return;
  ++context.questions.for_us;
  const auto seen = sighting(received, ndwire::option_type::kSourceLladdr);
  if (seen) {
    resolver.on_sighting(received.source, *seen, false, now);
    return answers.answer(target, received.source, answer_macs(context.settings.lladdr_source, *seen), now);
  }
  const MacAddress mac = resolver.mac_of(received.source).value_or(received.ether_source);
  answers.answer(target, received.source, {mac}, now);
}

// RFC 4861 §7.1.2.
bool Engine::Parts::on_advertisement(const ndwire::Received& received, TimePoint now) {
  Reader fields = received.fields();
  const uint8_t flags = fields.u8();
  fields.skip(3);
  const auto target = fields.read<Ipv6Address>();
  const bool solicited = (flags & ndwire::advertisement_flag::kSolicited) != 0;
  if (target.is_multicast() || target.is_unspecified() || received.source.is_unspecified()) return false;
  if (solicited && received.destination.is_multicast()) return false;
  if (own.is_own(target)) {
    const auto lladdr = ndwire::find_lladdr(received.options, ndwire::option_type::kTargetLladdr);
    own.on_advertised(target, lladdr.value_or(received.ether_source), now);
    return true;
  }
  resolver.on_advertised({.target = target,
                          .sighting = sighting(received, ndwire::option_type::kTargetLladdr),
                          .router = (flags & ndwire::advertisement_flag::kRouter) != 0,
                          .solicited = solicited,
                          .override_cached = (flags & ndwire::advertisement_flag::kOverride) != 0},
                         now);
  return true;
}

Engine::Engine(Settings settings, uint64_t seed) : parts_(std::make_unique<Parts>(settings, seed)) {}
Engine::Engine(Engine&&) noexcept = default;
Engine& Engine::operator=(Engine&&) noexcept = default;
Engine::~Engine() = default;

void Engine::add_address(const Ipv6Address& address, bool anycast, TimePoint now) {
  parts_->own.add(address, anycast, now);
}

void Engine::remove_address(const Ipv6Address& address, TimePoint now) { parts_->own.remove(address, now); }

void Engine::on_frame(Bytes frame, TimePoint now) {
  if (!parts_->on_frame(frame, now)) ++parts_->context.invalid;
}

void Engine::on_router_solicitation(const Ipv6Address& source, const MacAddress& sllao,
                                    const MacAddress& ether_source, TimePoint now) {
  ++parts_->context.questions.all;
  ++parts_->context.questions.by_multicast;  // RFC 4861 §6.3.7: to all routers
  const bool usable = !source.is_unspecified() && !source.is_multicast() && !sllao.is_multicast() &&
                      !sllao.is_zero() && sllao != parts_->context.settings.mac;
  if (usable && !parts_->own.is_own(source))
    parts_->resolver.on_sighting(source, {sllao, ether_source}, true, now);
}

void Engine::on_packet(const Ipv6Address& destination, PacketHandle packet, TimePoint now) {
  parts_->resolver.on_packet(destination, packet, now);
}

void Engine::on_used(const std::vector<Ipv6Address>& destinations, TimePoint now) {
  parts_->resolver.on_used(destinations, now);
}

void Engine::watch(const Ipv6Address& neighbour, TimePoint now) { parts_->resolver.watch(neighbour, now); }

void Engine::on_timer(TimePoint now) {
  parts_->own.on_timer(now);
  parts_->resolver.on_timer(now);
  parts_->answers.on_timer(now);
  parts_->mld.on_timer(now);
}

void Engine::set_lladdr_source(LladdrSource source) { parts_->context.settings.lladdr_source = source; }

void Engine::flush() { parts_->resolver.flush(); }

std::optional<TimePoint> Engine::next_deadline() const {
  return earlier(earlier(parts_->own.next_deadline(), parts_->mld.next_deadline()),
                 earlier(parts_->resolver.next_deadline(), parts_->answers.next_deadline()));
}

std::vector<Output> Engine::take_outputs() { return parts_->context.take_outputs(); }
std::vector<NeighbourInfo> Engine::neighbours() const { return parts_->resolver.list(); }
uint64_t Engine::invalid() const { return parts_->context.invalid; }
uint64_t Engine::lladdr_mismatches() const { return parts_->context.lladdr_mismatches; }
const Questions& Engine::questions() const { return parts_->context.questions; }
bool Engine::is_ready(const Ipv6Address& address) const { return parts_->own.is_ready(address); }

const char* name_of(NeighbourState state) {
  switch (state) {
    case NeighbourState::incomplete:
      return "incomplete";
    case NeighbourState::reachable:
      return "reachable";
    case NeighbourState::stale:
      return "stale";
    case NeighbourState::delay:
      return "delay";
    case NeighbourState::probe:
      return "probe";
  }
  return "unknown";
}

}  // namespace gate41::nd
