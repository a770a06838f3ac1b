"""The far end of a product's port: raw frames out and in, and a responder in place of the kernel.

An AF_PACKET socket in the peer's namespace; one thread receives, answers ARP, neighbour solicitations and probes, and
keeps what came for the test. Nothing else speaks on the link: the peers' interfaces have no address and no IPv6.
"""
import errno
import select
import socket
import struct
import threading
import time

from tests.lab.netns import inside

from . import packets as p

ETH_P_ALL = 3
SOL_PACKET, PACKET_AUXDATA, PACKET_IGNORE_OUTGOING = 263, 8, 23
VLAN_VALID = 1 << 4


def raw_socket(namespace, interface):
    with inside(namespace):
        raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        raw.bind((interface, ETH_P_ALL))
    raw.setsockopt(SOL_PACKET, PACKET_AUXDATA, 1)
    raw.setsockopt(SOL_PACKET, PACKET_IGNORE_OUTGOING, 1)
    raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8 << 20)
    return raw


def _with_tag(frame, ancillary):
    """The kernel takes the VLAN tag out of the frame and tells it beside (packet(7), PACKET_AUXDATA)."""
    for level, kind, data in ancillary:
        if level == SOL_PACKET and kind == PACKET_AUXDATA:
            status, _, _, _, _, tci, tpid = struct.unpack("=IIIHHHH", data[:20])
            if status & VLAN_VALID:
                return frame[:12] + struct.pack("!HH", tpid or p.VLAN, tci) + frame[12:]
    return frame


class Wire:
    """`responder`: frame -> frames that answer it, or None. Use as `with Wire(...) as wire`, or close()."""

    def __init__(self, namespace, interface, responder=None):
        self.mac = namespace.run("cat", f"/sys/class/net/{interface}/address").stdout.strip()
        self.responder = responder or (lambda frame: ())
        self._socket = raw_socket(namespace, interface)
        self._frames = []
        self._news = threading.Condition()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._receive, daemon=True)
        self._thread.start()

    def _receive(self):
        while not self._closing.is_set():
            if not select.select([self._socket], [], [], 0.1)[0]:
                continue
            try:
                frame, ancillary, _, _ = self._socket.recvmsg(65535, 64)
            except OSError as error:
                if error.errno != errno.ENETDOWN:
                    raise
                continue  # told once when the interface is set down; the socket stays good
            frame = _with_tag(frame, ancillary)
            for answer in self.responder(frame) or ():
                self._socket.send(answer)
            with self._news:
                self._frames.append(frame)
                self._news.notify_all()

    def send(self, *frames):
        for frame in frames:
            self._socket.send(frame)

    def forget(self):
        """What has come so far is not looked at any more."""
        with self._news:
            self._frames.clear()

    def frames(self, match=lambda frame: True):
        with self._news:
            return [frame for frame in self._frames if match(frame)]

    def take(self, match, what, deadline=10.0):
        """The first frame, come or to come, for which match(frame) is true."""
        end = time.monotonic() + deadline
        with self._news:
            seen = 0
            while True:
                for frame in self._frames[seen:]:
                    if match(frame):
                        self._frames.remove(frame)
                        return frame
                seen = len(self._frames)
                left = end - time.monotonic()
                if left <= 0:
                    came = [frame.hex() for frame in self._frames[-5:]]
                    raise AssertionError(f"not within {deadline} s: {what}; the last that came: {came}")
                self._news.wait(left)

    def close(self):
        self._closing.set()
        self._thread.join(5)
        self._socket.close()
