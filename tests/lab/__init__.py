"""The lab: a small Internet of network namespaces on one machine, with real peers around the product.

    host ── lan ──[ gate41d gateway ]── wan ── isp ──[ gate41d relay ]── six (web6)

One file a concern: netns (namespaces, veth, processes), workers (how many, and their ports), daemon (gate41d), peers (DHCP, DNS, echoes, web), internet
(the topology), probes and flood (what goes on, and much of it at once), story (what a person reads), scenario (the
checks of `scripts/lab`). End-to-end tests build on the same.
Addresses are of 11.0.0.0/8 and 2600:41::/32, only inside these namespaces.
"""
