"""TAP interfaces as NICs of guests: made in a namespace of the lab, gone when their descriptor is closed."""
import fcntl
import os
import struct

from tests.lab.netns import inside

TUNSETIFF = 0x400454CA  # linux/if_tun.h
IFF_TAP, IFF_NO_PI = 0x0002, 0x1000


def open_tap(namespace, name, mtu=1500):
    """The descriptor. No virtio-net header: checksums are finished and segments cut before a frame leaves either side."""
    with inside(namespace):
        tap = os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC)
    fcntl.ioctl(tap, TUNSETIFF, struct.pack("16sH22x", name.encode(), IFF_TAP | IFF_NO_PI))
    namespace.ip("link", "set", name, "mtu", mtu)
    namespace.ip("link", "set", name, "up")
    return tap
