"""The real peers around the product: dnsmasq (DHCP, DNS), two address echoes, an IPv6-only web server, a UDP echo."""
import pathlib
import sys

from .netns import wait_for

HELPERS = pathlib.Path(__file__).resolve().parent


def listens(namespace, port, udp=False):
    flag = "-lun" if udp else "-ltn"
    return f":{port} " in namespace.run("ss", flag, "-H").stdout


class Dnsmasq:
    """DHCP and DNS of the ISP. `pool`: the addresses that it hands out."""

    def __init__(self, namespace, name, interface, pool, router, dns=None, options=(), lease_time="1h", hosts=()):
        self.namespace, self.name, self.interface = namespace, name, interface
        self.pool, self.router, self.dns, self.options, self.lease_time = pool, router, dns or router, options, lease_time
        self.hosts = hosts
        self.process = None

    def start(self):
        folder = self.namespace.lab.folder
        argv = ["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--no-ping",
                "--bind-interfaces", f"--interface={self.interface}", "--except-interface=lo", "--log-dhcp",
                "--log-facility=-", "--user=root", "--dhcp-authoritative",
                f"--dhcp-leasefile={folder}/{self.name}.leases", f"--pid-file={folder}/{self.name}.pid",
                f"--dhcp-range={self.pool[0]},{self.pool[1]},{self.lease_time}",
                f"--dhcp-option=option:router,{self.router}", f"--dhcp-option=option:dns-server,{self.dns}"]
        argv += [f"--address=/{name}/{address}" for name, address in self.hosts]
        argv += [f"--dhcp-option={option}" for option in self.options]
        self.process = self.namespace.popen(*argv, log=self.name)
        wait_for(lambda: listens(self.namespace, 67, udp=True), f"{self.name} listens")
        return self

    def restart(self, pool=None, options=None, forget=True):
        """With another pool, or other options; `forget`: as a server that lost its leases."""
        self.namespace.lab.stop(self.process)
        if pool:
            self.pool = pool
        if options is not None:
            self.options = options
        if forget:
            leases = self.namespace.lab.folder / f"{self.name}.leases"
            leases.unlink(missing_ok=True)
        return self.start()


def start_helper(namespace, script, *words, log, port, udp=False):
    """One of the small servers beside this file."""
    process = namespace.popen(sys.executable, HELPERS / script, *words, log=log)
    wait_for(lambda: listens(namespace, port, udp), f"{script} listens on {port}")
    return process
