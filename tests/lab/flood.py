"""Many frames fast, from inside a namespace: tests/support/flood.cpp."""
import dataclasses
import json

from .daemon import program


@dataclasses.dataclass(frozen=True)
class Template:
    """A frame, and which of its bytes are drawn anew each time: (offset, length), or with the place of the checksum that
    covers them: (offset, length, checksum)."""
    frame: bytes
    random: tuple = ()

    def line(self):
        fields = (f"{field[0]}:{field[1]}" + (f"@{field[2]}" if len(field) > 2 else "") for field in self.random)
        return " ".join([self.frame.hex(), *fields])


class Flood:
    """Runs until its time is over; then `sent` and `seconds` say what it did."""

    def __init__(self, namespace, interface, templates, rate, seconds, name="flood", **options):
        self.namespace = namespace
        frames = namespace.lab.folder / f"{name}.frames"
        frames.write_text("".join(f"{template.line()}\n" for template in templates))
        (namespace.lab.folder / f"{name}.log").unlink(missing_ok=True)
        words = [word for key, value in options.items() for word in (f"--{key}", value)]
        self.process = namespace.popen(program("flood"), "--interface", interface, "--frames", frames, "--rate", rate,
                                       "--seconds", seconds, *words, log=name)
        self.limit = seconds + 10

    def wait(self):
        self.process.wait(self.limit)
        self.namespace.lab.processes.remove(self.process)
        text = self.process.log_path.read_text()
        assert self.process.returncode == 0, text
        result = json.loads(text)
        self.sent, self.seconds = result["sent"], result["seconds"]
        return self
