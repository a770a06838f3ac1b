"""What goes on through the gateway meanwhile: pings, two hundred answered UDP flows in turn, one of ten datagrams large
enough to be cut, one TCP connection, and an operator who asks for the status. All are there before what is to be measured
begins; beside them a new UDP flow ten times a second."""
import dataclasses
import os
import pathlib
import re
import selectors
import socket
import statistics
import struct
import threading
import time

from . import internet as net
from .checks import daemon_pid
from .netns import inside

UDP_FLOWS, ECHO_PORT = 200, 7
EVERY = 0.01  # seconds between two of each kind
STATUS_EVERY = 0.05
LATE = 1.0  # seconds after which what has not come is lost
CHUNK = 512  # bytes of one exchange by TCP
LARGE, LARGE_EVERY = 1400, 10  # bytes of a datagram that the hosts cut in two, and how often one goes
FRESH_EVERY = 10  # how often a flow is opened that was not there before


@dataclasses.dataclass
class Share:
    """What came back of what was sent."""
    sent: int = 0
    answered: int = 0
    delays: list = dataclasses.field(default_factory=list)

    def lost(self):
        return self.sent - self.answered

    def percent(self):
        return 100 * self.lost() / max(1, self.sent)


@dataclasses.dataclass
class Figures:
    ping: Share
    udp: Share
    large: Share
    fresh: Share
    tcp: Share
    status: list  # seconds, each
    memory: float = 0  # MiB
    flows: int = 0

    def longest_tcp(self):
        """Seconds that an exchange by TCP took at most; infinite when one has not ended."""
        return max(self.tcp.delays) if self.tcp.lost() == 0 else float("inf")


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else float("nan")


def median(values):
    return statistics.median(values) if values else float("nan")


class Echo:
    """The server's end of the TCP connection."""

    def __init__(self, place):
        with inside(place):
            self.server = socket.create_server((net.WEB, 0), family=socket.AF_INET6)
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    @staticmethod
    def _serve(connection):
        try:
            while data := connection.recv(1 << 16):
                connection.sendall(data)
        except OSError:
            pass

    def close(self):
        self.server.close()


class Probes:
    """Opened at rest: each flow has had its answer, as the filter must have seen it."""

    def __init__(self, host, server, gateway):
        self.host, self.gateway = host, gateway
        self.echo = Echo(server)
        with inside(host):
            self.ping = socket.socket(socket.AF_INET6, socket.SOCK_RAW, socket.IPPROTO_ICMPV6)
            self.udp = [socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) for _ in range(UDP_FLOWS)]
            self.tcp = socket.create_connection(self.echo.server.getsockname()[:2], timeout=10)
        self.ping.connect((net.WEB, 0))
        self.tcp.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for one in self.udp:
            one.connect((net.WEB, ECHO_PORT))
        self.number = 0
        self.ident = os.getpid() & 0xffff
        for one in (self.ping, self.tcp, *self.udp):
            one.setblocking(False)
        self.selector = selectors.DefaultSelector()
        self.selector.register(self.ping, selectors.EVENT_READ, self._ping_came)
        self.selector.register(self.tcp, selectors.EVENT_READ, self._tcp_came)
        for one in self.udp:
            self.selector.register(one, selectors.EVENT_READ, self._udp_came)
        self._times, self._shares, self._opened, self._tcp_data = {}, {}, [], b""

    def local_ports(self):
        """(the client's, the server's) of the TCP connection."""
        return self.tcp.getsockname()[1], self.tcp.getpeername()[1]

    def run(self, seconds):
        """The figures of so many seconds."""
        figures = Figures(Share(), Share(), Share(), Share(), Share(), [])
        self._shares = {"ping": figures.ping, "udp": figures.udp, "large": figures.large, "fresh": figures.fresh,
                        "tcp": figures.tcp}
        self._times = {}
        ended = threading.Event()
        operator = threading.Thread(target=self._ask, args=(figures.status, ended))
        operator.start()
        try:
            self._exchange(seconds)
            self._close_opened()
            figures.memory, figures.flows = memory(self.gateway), self.gateway.status()["flows"]["current"]
        finally:
            ended.set()
            operator.join()
        return figures

    def _exchange(self, seconds):
        begin = time.monotonic()
        due = begin
        while (now := time.monotonic()) < begin + seconds + LATE:
            if now >= due and now < begin + seconds:
                self._send(now)
                due = max(due + EVERY, now - EVERY)
            elif now >= begin + seconds and not self._times:
                return
            for key, _ in self.selector.select(max(0.0, min(due, begin + seconds + LATE) - time.monotonic())
                                               if now < begin + seconds else 0.05):
                key.data(key.fileobj)

    def _close_opened(self):
        for one in self._opened:
            self.selector.unregister(one)
            one.close()
        self._opened = []

    def _send(self, now):
        self.number += 1
        told = struct.pack("!Q", self.number)
        self._begin("ping", now)
        self._quietly(self.ping.send, struct.pack("!BBHHH", 128, 0, 0, self.ident, self.number & 0xffff) + told)
        large = self.number % LARGE_EVERY == 0
        self._begin("large" if large else "udp", now)
        self._quietly(self.udp[self.number % UDP_FLOWS].send, told.ljust(LARGE if large else 0, b"\0"))
        if self.number % FRESH_EVERY == 0:
            self._open(told, now)
        self._begin("tcp", now)
        self._quietly(self.tcp.send, told + bytes(CHUNK - len(told)))

    def _open(self, told, now):
        with inside(self.host):
            one = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        one.setblocking(False)
        one.connect((net.WEB, ECHO_PORT))
        self.selector.register(one, selectors.EVENT_READ, self._fresh_came)
        self._opened.append(one)
        self._begin("fresh", now)
        self._quietly(one.send, told)

    @staticmethod
    def _quietly(send, data):
        """An error of the kernel's is a packet lost."""
        try:
            send(data)
        except OSError:
            pass

    def _begin(self, kind, now):
        self._shares[kind].sent += 1
        self._times[kind, self.number] = now

    def _end(self, kind, number):
        began = self._times.pop((kind, number), None)
        if began is not None:
            self._shares[kind].answered += 1
            self._shares[kind].delays.append(time.monotonic() - began)

    def _ping_came(self, source):
        data = self._received(source)
        if len(data) >= 16 and data[0] == 129 and data[4:6] == struct.pack("!H", self.ident):
            self._end("ping", struct.unpack("!Q", data[8:16])[0])

    def _udp_came(self, source):
        data = self._received(source)
        if len(data) >= 8:
            self._end("large" if len(data) == LARGE else "udp", struct.unpack("!Q", data[:8])[0])

    def _fresh_came(self, source):
        data = self._received(source)
        if len(data) >= 8:
            self._end("fresh", struct.unpack("!Q", data[:8])[0])

    def _tcp_came(self, source):
        data = self._received(source)
        if not data:
            self.selector.unregister(source)  # reset: what follows is lost
            return
        self._tcp_data += data
        while len(self._tcp_data) >= CHUNK:
            chunk, self._tcp_data = self._tcp_data[:CHUNK], self._tcp_data[CHUNK:]
            self._end("tcp", struct.unpack("!Q", chunk[:8])[0])

    @staticmethod
    def _received(source):
        try:
            return source.recv(1 << 16)
        except OSError:
            return b""

    def _ask(self, seconds, ended):
        while not ended.wait(STATUS_EVERY):
            begin = time.monotonic()
            self.gateway.tool("status")
            seconds.append(time.monotonic() - begin)

    def close(self):
        self.selector.close()
        self.echo.close()
        for one in (self.ping, self.tcp, *self.udp):
            one.close()


def memory(daemon):
    """MiB that the daemon has of the machine."""
    status = pathlib.Path(f"/proc/{daemon_pid(daemon)}/status").read_text(encoding="utf-8")
    return int(re.search(r"^VmRSS:\s+(\d+) kB", status, re.MULTILINE).group(1)) / 1024
