"""IPv6-only web server of one folder, and a UDP echo on port 7: `web6.py ADDRESS PORT FOLDER`."""
import functools
import http.server
import socket
import sys
import threading


class Server(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6


class Handler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words):
        pass


def echo(address):
    udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    udp.bind((address, 7))
    while True:
        data, peer = udp.recvfrom(65535)
        udp.sendto(data, peer)


threading.Thread(target=echo, args=(sys.argv[1],), daemon=True).start()
Server((sys.argv[1], int(sys.argv[2])), functools.partial(Handler, directory=sys.argv[3])).serve_forever()
