"""What a service manager hears by sd_notify(3) ($NOTIFY_SOCKET)."""
import socket

import pytest

from tests.lab import internet as net

SILENCE = 3.0  # seconds; what is told anew with each look comes within one


def test_its_sentence_is_told_once_as_long_as_nothing_changes(internet, tmp_path, monkeypatch):
    world = internet("g41sm")
    world.build_isp()
    world.build_relay().start()
    gateway = world.add_gateway()
    world.serve_dhcp("w0", "11.0.0")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
        manager.bind(str(tmp_path / "notify"))
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        gateway.start()
        gateway.wait_healthy()
        manager.settimeout(SILENCE)
        heard = [manager.recv(4096).decode()]
        with pytest.raises(TimeoutError):
            while len(heard) < 100:
                heard.append(manager.recv(4096).decode())
    assert heard[-1].startswith("STATUS=2002:") and heard[-1].endswith(f"; relay {net.RELAY} is alive")
