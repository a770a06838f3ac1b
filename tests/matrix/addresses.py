"""The classes of addresses, one address each; what is special about it stands in its name.

Special blocks are here by a few of their kind: test_blocks.py asks for each of them, and for its edges.
"""
from .reference import rfc4213
from .reference.numbers import v4, v6
from .reference.rfc3056 import site_prefix

HOST, ROUTER_ONE = 1 << 64 | 5, 1  # 2002:V4:1::5, 2002:V4::1

SITE, ANYCAST, RELAY, PRIVATE = v4("12.0.0.5"), v4("192.88.99.1"), v4("12.9.9.9"), v4("10.1.2.3")
MULTICAST, LIMITED_BROADCAST = v4("224.0.0.1"), v4("255.255.255.255")
V4 = {"site": SITE, "other site": v4("12.0.1.6"), "anycast relay": ANYCAST, "relay": RELAY, "private": PRIVATE,
      "multicast": MULTICAST}
V6 = {"native": v6("2600:42::80"), "loopback": v6("::1"), "unique local": v6("fd00::1"), "link-local": v6("fe80::10"),
      "multicast": v6("ff0e::1")}
# Sites and border relays of the 6rd domains of boxes.py.
OF_DOMAIN = {"CE": v4("10.7.7.7"), "border relay": v4("10.9.9.9"), "other border relay": v4("10.9.9.10")}
OF_PUBLIC_DOMAIN = {"CE": v4("11.7.7.7"), "border relay": v4("11.9.9.9")}


def own_v4(box):
    return {"own": box.local, "own outside": box.external, "neighbour": box.near, "broadcast": box.subnet_edges[1]}


# --- outer

def outer_sources(box):
    more = {"6a44 relay": v4("192.88.99.2"), "CGN": v4("100.64.0.1"), "limited broadcast": LIMITED_BROADCAST}
    of_mode = {"6rd": OF_DOMAIN, "several": OF_PUBLIC_DOMAIN}.get(box.mode, {})
    return V4 | own_v4(box) | more | of_mode


def outer_destinations(box):
    return own_v4(box) | {"anycast relay": ANYCAST, "multicast": MULTICAST, "limited broadcast": LIMITED_BROADCAST}


# --- inner: what the mode embeds, what is on the box's own links, and the rest of the world

def sources(box):
    return EMBEDDED[box.mode](box) | V6 | {"unspecified": 0} | OWN_SOURCES[box.role](box) | link_sources(box)


def destinations(box):
    return EMBEDDED[box.mode](box) | V6 | OWN_DESTINATIONS[box.role](box) | link_destinations(box)


def by_6to4(box):
    """Each IPv4 class within 2002::/16, as a host of that site, and the routers' own forms."""
    known = V4 | own_v4(box)
    hosts = {f"6to4 host of {name}": site_prefix(address) | HOST for name, address in known.items()}
    routers = {"6to4 router: own": site_prefix(box.local), "6to4 router: anycast": site_prefix(ANYCAST),
               "6to4 router: anycast ::1": site_prefix(ANYCAST) | ROUTER_ONE,
               "6to4 router: relay ::1": site_prefix(RELAY) | ROUTER_ONE}
    return hosts | routers


def some_6to4(box):
    known = {"site": SITE, "private": PRIVATE, "own": box.local}
    return {f"6to4 host of {name}": site_prefix(address) | HOST for name, address in known.items()}


def by_6rd(box):
    """Hosts of what can be a site of the domain and of what cannot, and routers' own forms."""
    known = V4 | own_v4(box) | OF_DOMAIN
    hosts = {f"6rd host of {name}": box.domain.prefix_of(address) | 5 for name, address in known.items()}
    routers = {"6rd router: own": box.domain.prefix_of(box.local), "6rd router: CE": box.domain.prefix_of(OF_DOMAIN["CE"])}
    return some_6to4(box) | hosts | routers


def by_each(box):
    """Of each tunnel two hosts, the own addresses, a subnet without a LAN; another site of the 6rd domain, and none."""
    found = some_6to4(box)
    for m in box.members:
        found |= {f"{m.mode} pinhole": m.pinhole, f"{m.mode} host": m.pinhole + 1, f"{m.mode} own": m.lan_prefix.first | 1,
                  f"{m.mode} without a LAN": m.prefix.first | 9 << 64, f"{m.mode} anycast": m.lan_prefix.first}
        found |= {f"{m.mode} own on the tunnel": address for address in m.tunnel_addresses}
    domain = next(m.domain for m in box.members if m.mode == "6rd")
    return found | {"CE": domain.prefix_of(OF_PUBLIC_DOMAIN["CE"]) | 5, "no CE": domain.prefix_of(box.subnet_edges[1]) | 5}


def gateway_sources(box):
    return {"LAN host": box.pinhole, "withdrawn": box.withdrawn[0].first | 0x10, "router": box.lan_address,
            "own on the tunnel": box.prefix.first | 1}


def gateway_destinations(box):
    subnets = {"subnet without a LAN": box.prefix.first | 9 << 64} if box.prefix.length < 64 else {}
    return subnets | {"pinhole": box.pinhole, "LAN host": box.pinhole + 1, "own on the tunnel": box.prefix.first | 1,
                      "own on the LAN": box.lan_address, "anycast on the LAN": box.lan_prefix.first,
                      "own link-local": box.lan_link_local}


def relay_sources(box):
    return {"native neighbour": box.native.first | 0x10}


def relay_destinations(box):
    return {"own native": box.native_address, "native neighbour": box.native.first | 0x10}


def link_sources(box):
    found = {}
    for end in box.link_ends:
        found |= {"other end": end.peer, "other end's link-local": rfc4213.link_local_of(end.relays[0]),
                  "own link-local on the tunnel": end.link_local}
    return found


def link_destinations(box):
    found = {"all nodes": rfc4213.ALL_NODES}
    for end in box.link_ends:
        found |= {"own link-local on the tunnel": end.link_local, "all routers": rfc4213.ALL_ROUTERS,
                  "solicited nodes of others": rfc4213.SOLICITED_NODES | 7}
        found |= {f"own on the link {address:x}": address for address in end.tunnel_addresses}
        found |= {f"solicited nodes {group:x}": group for group in rfc4213.groups(end)}
    return found


EMBEDDED = {"6to4": by_6to4, "6rd": by_6rd, "6in4": some_6to4, "several": by_each}
OWN_SOURCES = {"gateway": gateway_sources, "relay": relay_sources}
OWN_DESTINATIONS = {"gateway": gateway_destinations, "relay": relay_destinations}
