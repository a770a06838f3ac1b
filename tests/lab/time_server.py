"""NTP server (RFC 5905 §7.3) whose clock is fast: `time_server.py ADDRESS PORT SECONDS`."""
import socket
import struct
import sys
import time

TO_1970 = 2_208_988_800  # from 1900
SERVER, STRATUM = 4 << 3 | 4, 1


def timestamp(fast):
    return round((time.time() + fast + TO_1970) * 2**32)


def answer(request, fast):
    mark, = struct.unpack_from("!Q", request, 40)
    return struct.pack("!BBbbII4sQQQQ", SERVER, STRATUM, 6, -20, 0, 0, b"LAB\0", timestamp(fast), mark, timestamp(fast), timestamp(fast))


def main():
    address, port, fast = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind((address, port))
        while True:
            request, client = server.recvfrom(512)
            server.sendto(answer(request, fast), client)


main()
