"""What a check reports: a place and a sentence."""
import dataclasses
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]


@dataclasses.dataclass(order=True, frozen=True)
class Finding:
    file: str
    line: int
    what: str

    def __str__(self):
        return f"{self.file}:{self.line}: {self.what}" if self.line else f"{self.file}: {self.what}"
