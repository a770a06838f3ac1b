"""What two ends of a connection do to show that it carries: pings, and a file by TCP each way.

By busybox at every end, for a guest has nothing else.
"""
import dataclasses

PORT = 8080
KILOBYTE, MEGABYTE = 1 << 10, 1 << 20
PINGS = 3
TRANSFER = 120  # seconds for one of these, emulated on a busy machine


@dataclasses.dataclass(frozen=True)
class End:
    """A namespace or a guest, and its address there."""
    place: object
    address: str


def busybox(place, command, **kwargs):
    return place.run("busybox", "sh", "-o", "pipefail", "-c", command, **kwargs)


def ping(one, other, size=56, count=PINGS):
    """All are answered, or an error shows what ping said."""
    said = busybox(one.place, f"busybox ping -6 -c {count} -i 0.2 -W 10 -s {size} {other.address}", check=False).stdout
    assert f"{count} packets received" in said, said


def ping_once(one, other, size):
    """Answered or not."""
    busybox(one.place, f"busybox ping -6 -c 1 -W 2 -s {size} {other.address}", check=False)


def serve(place, folder, size=MEGABYTE):
    """Random bytes on PORT; their digest."""
    return busybox(place, f"mkdir -p {folder} && cd {folder} && head -c {size} /dev/urandom >file && busybox httpd "
                          f"-p '[::]:{PORT}' -h . </dev/null >/dev/null 2>&1 && busybox sha256sum <file").stdout


def fetch(end, server):
    """The digest of what came from the server's end."""
    command = f"busybox timeout {TRANSFER} busybox wget -q -O - 'http://[{server.address}]:{PORT}/file'"
    return busybox(end.place, f"{command} | busybox sha256sum", timeout=TRANSFER + 10).stdout
