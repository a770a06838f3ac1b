// Events of pings and traceroutes as rows of the operator protocol (operator/view.hpp). Pure.
#pragma once

#include "control/operator/view.hpp"
#include "control/ping/event.hpp"

namespace gate41 {

[[nodiscard]] op::Json first_row(const op::PingRequest& request, const Ipv6Address& source);
[[nodiscard]] op::Json row_of(const op::PingRequest& request, const ping::Event& event);

}  // namespace gate41
