"""Frames as they arrive at an interface, with the time at which the kernel had them: how late we look makes no difference."""
import socket
import struct

from tests.e2e.wire import raw_socket

SO_TIMESTAMPNS = 35  # <asm-generic/socket.h>


class Arrivals:
    """Of those for which wanted(frame) is true."""

    def __init__(self, namespace, interface, wanted):
        self.wanted = wanted
        self._socket = raw_socket(namespace, interface)
        self._socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)

    def next(self, patience):
        """Nanoseconds of CLOCK_REALTIME; None: none has come within so many seconds after the last one that is not wanted."""
        self._socket.settimeout(patience)
        try:
            while True:
                frame, ancillary, _, _ = self._socket.recvmsg(65535, 256)
                if self.wanted(frame):
                    return stamp_of(ancillary)
        except (TimeoutError, BlockingIOError):
            return None

    def close(self):
        self._socket.close()


def stamp_of(ancillary):
    data = next(data for level, kind, data in ancillary if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS)
    seconds, nanoseconds = struct.unpack("qq", data[:16])
    return seconds * 10**9 + nanoseconds
