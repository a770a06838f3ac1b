// From a reply's options to a lease (RFC 2132, RFC 3442, RFC 5969). What is malformed counts as absent;
// without an address and a lease time there is no lease.
#pragma once

#include <optional>

#include "control/dhcp/lease.hpp"
#include "control/dhcp/message.hpp"
#include "control/dhcp/timing.hpp"

namespace gate41::dhcp {

// The lease that an OFFER or ACK describes, counted from `requested_at`, when its REQUEST was sent.
// nullopt too when it would be over at `now` already.
[[nodiscard]] std::optional<Lease> read_lease(const Reply& reply, TimePoint requested_at, TimePoint now,
                                              Random& random);
// Option 212, which not everybody wants read (E7): its values, or why it is ignored.
void read_six_rd_option(Lease& lease, const Options& options);

}  // namespace gate41::dhcp
