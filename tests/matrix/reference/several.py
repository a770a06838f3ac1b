"""Several tunnels on one IPv4 address: which one a packet belongs to (C24, X2)."""
import types

from .rules import first_broken, rule


@rule("C15 D30 K6", "inner_source_own")
def claims_a_prefix_of_another(others, packet):
    """What one tunnel delegates is no source in another one either. Its own is the business of its own rules (E19)."""
    return any(packet.source in member.prefix or packet.source in member.tunnel_addresses for member in others.members)


def refused(box, packet):
    """Of the tunnels that take the outer header, in the order exact pair, 6rd domain, 6to4, the first that knows what is
    inside; else the last of them. If none takes it, the most general one says why."""
    takers = [member for member in box.members if not first_broken(member.decapsulation.outer, member, packet)]
    if not takers:
        return first_broken(box.members[-1].decapsulation.outer, box.members[-1], packet)
    member = next((taker for taker in takers if taker.knows(packet)), takers[-1])
    others = types.SimpleNamespace(members=[other for other in box.members if other is not member])
    return (first_broken(member.decapsulation.inner, member, packet)
            or first_broken([claims_a_prefix_of_another], others, packet))
