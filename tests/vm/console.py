"""Who sits at the appliance's serial console."""
import socket

from tests.lab.netns import wait_for


class Console:
    """`far_end` is for Appliance(serial=); to be closed once that runs."""

    def __init__(self):
        self.line, self.far_end = socket.socketpair()
        self.line.setblocking(False)
        self.shown = ""

    def look(self):
        """All that it has shown so far."""
        try:
            while data := self.line.recv(65536):
                self.shown += data.decode(errors="replace")
        except BlockingIOError:
            pass
        return self.shown

    def wait(self, text, deadline):
        try:
            wait_for(lambda: text in self.look(), f"the console shows `{text}`", deadline)
        except TimeoutError as error:
            raise TimeoutError(f"{error}; it shows\n{self.shown[-4000:]}") from None

    def ask(self, keys, answer):
        """Types them; what is shown since has this answer."""
        self.look()
        self.shown = ""
        self.type(keys)
        self.wait(answer, 30)

    def type(self, key):
        self.line.sendall(key.encode())
