"""What is measured in the guest, each as an administrator would set it up: the kernel, DPDK's test program, gate41."""
import json

from perf.guests.peers import ISP, MACS, PEER_MACS, RELAY, WAN
from tests.e2e import packets as p

PCI = ("0000:00:03.0", "0000:00:04.0")
ROUTER = p.six_to_four(WAN, 1, 1)


class Sit:
    """Linux' 6to4 with a stateful filter: the LAN opens flows, nothing else comes in."""

    def __init__(self, guest):
        self.guest = guest

    def start(self, _meter):
        run, ip = self.guest.run, self.guest.ip
        self.guest.sysctl(net__ipv6__conf__default__accept_dad=0, net__ipv6__conf__eth1__accept_dad=0,
                          net__ipv6__conf__all__forwarding=1, net__ipv4__conf__all__rp_filter=0)
        ip("addr", "add", f"{WAN}/24", "dev", "eth0")
        ip("addr", "add", f"{ROUTER}/64", "dev", "eth1")
        for device in ("eth0", "eth1"):
            ip("link", "set", device, "up")
        ip("route", "add", "default", "via", ISP)
        ip("tunnel", "add", "tun", "mode", "sit", "remote", "any", "local", WAN, "ttl", "64")
        ip("link", "set", "tun", "up", "mtu", "1280")
        ip("addr", "add", f"{p.six_to_four(WAN, 0, 1)}/16", "dev", "tun")
        ip("-6", "route", "add", "default", "via", f"::{RELAY}", "dev", "tun")
        for rule in ("-P FORWARD DROP", "-A FORWARD -m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT",
                     "-A FORWARD -i eth1 -o tun -m conntrack --ctstate NEW -j ACCEPT"):
            run("ip6tables-legacy", *rule.split())

    def stop(self):
        self.guest.run("ip6tables-legacy", "-F")


class Dpdk:
    """A program that takes the NICs from the kernel."""

    def __init__(self, guest):
        self.guest = guest

    def bind(self):
        self.guest.shell("chmod 755 /; mkdir -p /var/run /dev/hugepages; mountpoint -q /dev/hugepages || mount -t hugetlbfs hugetlbfs /dev/hugepages")
        for address in PCI:
            device = f"/sys/bus/pci/devices/{address}"
            self.guest.shell(f"echo uio_pci_generic >{device}/driver_override; echo {address} >{device}/driver/unbind; "
                             f"echo {address} >/sys/bus/pci/drivers_probe")

    def launch(self, command):
        self.guest.shell(f"{command} >/tmp/log 2>&1 & echo $! >/tmp/pid")

    def log(self):
        return self.guest.shell("cat /tmp/log").stdout

    def stop(self):
        self.guest.shell("kill $(cat /tmp/pid); while [ -d /proc/$(cat /tmp/pid) ]; do sleep 0.1; done")


class MacSwap(Dpdk):
    """The least that can be done with a packet: testpmd exchanges its MACs and sends it by the other port."""

    def start(self, meter):
        self.bind()
        allowed = " ".join(f"-a {address},vectorized=1" for address in PCI)
        self.launch(f"sleep 100000 | dpdk-testpmd --lcores 0@0,1@0 --in-memory -m 128 {allowed} -- --forward-mode=macswap "
                    "--nb-cores=1 --total-num-mbufs=8192 --auto-start")
        meter.live(60, lambda: "Press enter" in self.log())

    def stop(self):
        self.guest.shell("kill $(pidof dpdk-testpmd) $(pidof sleep); while pidof dpdk-testpmd; do sleep 0.1; done")


class Gate41(Dpdk):
    CONFIG = {
        "role": "gateway", "ports": {"wan": {"device": PCI[0]}, "lan": {"device": PCI[1]}},
        "wan": {"port": "wan", "ipv4": {"address": f"{WAN}/24", "gateway": ISP}, "external_address": {"from": ["interface"]}},
        "tunnels": {"main": {"mode": "6to4", "relays": [RELAY]}},
        "lans": {"home": {"port": "lan", "subnet_id": 1}},
        "filter": {"max_flows": 65536}, "host": {"netns": "none"}, "eal": {"memory": "192M"},
        "state": "/tmp/state", "management": {"socket": "/tmp/gate41.sock", "group": "root"}}

    def start(self, meter):
        self.bind()
        self.guest.shell(f"echo '{json.dumps(self.CONFIG)}' >/tmp/gate41.yaml; echo root:x:0: >/etc/group; mkdir -p /tmp/state")
        self.launch("gate41d --config /tmp/gate41.yaml")
        meter.live(120, self.is_healthy)
        if not self.is_healthy():
            raise RuntimeError(f"gate41d is not healthy:\n{self.log()}\n{self.tool('status')}")

    def is_healthy(self):
        return self.guest.shell("gate41 --socket /tmp/gate41.sock health", check=False).returncode == 0

    def tool(self, command):
        return self.guest.shell(f"gate41 --socket /tmp/gate41.sock {command}", check=False).stdout
