// Keys of the box as a whole: its role, its name and its ports. One row a key, a map before what is in it.
#pragma once

#include "config/keys/row.hpp"

namespace gate41::config {

inline constexpr std::array kGeneralKeys{
    Key{.path = "role",
        .fallback = "gateway",
        .reload = restart,
        .meaning = "what the box is: the gateway of one site, or a relay (6to4, or 6rd border relay)",
        .words = kRoles},
    Key{.path = "instance",
        .fallback = "gate41",
        .reload = restart,
        .meaning = "names the socket, the network namespace and DPDK's files where several daemons run",
        .form = kNameForm,
        .check = check_name},

    Key{.path = "ports",
        .unit = "map",
        .fallback = kRequired,
        .reload = restart,
        .meaning =
            "the Ethernet ports, by names of your choice; auto: a gateway takes the devices that it finds "
            "as wan and lan: one for both, or two, told apart by who answers DHCP",
        .form = "auto, or a map of names"},
    Key{.path = "ports.NAME",
        .unit = "map",
        .reload = restart,
        .meaning = "one port",
        .form = kNameForm,
        .check = check_name},
    Key{.path = "ports.NAME.device",
        .fallback = kRequired,
        .reload = restart,
        .meaning = "the device behind the port",
        .form = "a PCI address (\"0000:00:03.0\") or a DPDK vdev with its arguments "
                "(\"net_af_packet0,iface=eth0\")",
        .check = check_device},
    Key{.path = "ports.NAME.vlan",
        .fallback = "0",
        .reload = restart,
        .meaning = "VLAN of the port; 0 = untagged",
        .min = 0,
        .max = 4094},
};

}  // namespace gate41::config
