#include "perf/filter_cost.hpp"

#include <cstdio>
#include <cstdlib>

#include <rte_hash.h>
#include <rte_malloc.h>

#include "dataplane/base/keyed_hash.hpp"
#include "dataplane/net/headers.hpp"
#include "perf/mixed.hpp"

namespace gate41::perf {
void give_up(const char* why) {
  std::fprintf(stderr, "filter_cost: %s\n", why);
  std::exit(1);
}

FlowKey key_of(uint64_t number) {
  FlowKey key;
  key.interior = Ipv6Address::from_halves(0x20020b0000020001ULL, mixed(3 * number));
  key.exterior = Ipv6Address::from_halves(0x2600004100000000ULL, mixed(3 * number + 1));
  const uint64_t ports = mixed(3 * number + 2);
  key.interior_port = static_cast<uint16_t>(ports);
  key.exterior_port = static_cast<uint16_t>(ports >> 16U);
  key.protocol = ip_proto::kUdp;
  return key;
}

uint32_t signature_of(uint64_t number) { return static_cast<uint32_t>(mixed(~number)); }

void Burst::set(std::size_t i, uint64_t number) {
  keys[i] = key_of(number);
  padded[i] = {keys[i]};
  pointers[i] = &keys[i];
  signatures[i] = signature_of(number);
}

BareHash::BareHash(uint32_t flows) {
  const uint32_t slots = (flows + kRoom) / 4 * 5;
  rte_hash_parameters parameters{};
  parameters.name = "bare";
  parameters.entries = slots;
  parameters.key_len = sizeof(PaddedKey);
  parameters.socket_id = SOCKET_ID_ANY;
  hash_ = rte_hash_create(&parameters);
  lines_ = static_cast<Line*>(rte_zmalloc("bare lines", sizeof(Line) * (slots + 1), kCacheLine));
  if (hash_ == nullptr || lines_ == nullptr) give_up("no memory for the bare hash");
  Burst one;
  for (uint64_t number = 0; number < flows; ++number) {
    one.set(0, number);
    if (rte_hash_add_key_with_hash(hash_, &one.padded[0], one.signatures[0]) < 0)
      give_up("the bare hash takes no more");
  }
}

BareHash::~BareHash() {
  rte_hash_free(hash_);
  rte_free(lines_);
}

void BareHash::look_up(Burst& burst) noexcept {
  std::array<const void*, kBulk> pointers;
  for (std::size_t i = 0; i < kBulk; ++i) pointers[i] = &burst.padded[i];
  rte_hash_lookup_with_hash_bulk(hash_, pointers.data(), burst.signatures.data(), kBulk,
                                 burst.positions.data());
  for (const int32_t position : burst.positions) {
    if (position < 0) give_up("the bare hash has lost a flow");
    ++lines_[position].packets;
  }
}

void BareHash::insert(Burst& burst) noexcept {
  for (std::size_t i = 0; i < kBulk; ++i)
    if (rte_hash_add_key_with_hash(hash_, &burst.padded[i], burst.signatures[i]) < 0)
      give_up("the bare hash takes no more");
}

void BareHash::erase(const Burst& burst) noexcept {
  for (std::size_t i = 0; i < kBulk; ++i)
    rte_hash_del_key_with_hash(hash_, &burst.padded[i], burst.signatures[i]);
}

}  // namespace gate41::perf
