"""`log.syslog`: the daemon's log reaches a server on the WAN's side."""
import socket

from tests.lab import internet as net
from tests.lab.netns import inside, wait_for

SERVER, PORT = "11.0.0.1", 514


def test_the_log_reaches_a_syslog_server_once_there_is_a_network_and_from_a_reload_on(internet):
    world = internet("g41sl")
    isp = world.build_isp()
    with inside(isp):
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    received = []

    def has_come(text):
        try:
            while message := server.recvfrom(4096, socket.MSG_DONTWAIT):
                received.append(message[0].decode())
        except BlockingIOError:
            pass
        return any(text in message for message in received)

    with server:
        gateway = world.add_gateway(log={"syslog": SERVER})
        world.serve_dhcp("w0", "11.0.0")
        server.bind((SERVER, PORT))
        gateway.start()
        wait_for(lambda: has_come("wan: lease of"), "the log tells of the lease", 30)
        assert all(message.startswith(("<28>1 ", "<29>1 ", "<30>1 ")) for message in received), received
        assert any(state["component"] == "syslog" and state["sentence"].startswith(f"the log goes to {SERVER}")
                   for state in gateway.status()["states"])
        assert gateway.reload().returncode == 0
        wait_for(lambda: has_come("configuration reloaded"), "the log tells of the reload")
