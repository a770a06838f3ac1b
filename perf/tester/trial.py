"""One run of gate41-gen, and what it says about the device."""
import dataclasses

STREAMS = ("from_lan", "from_wan")
# Of the rate asked for; below, the tester has not offered what it should, and the trial tells nothing of the device.
LEAST_OFFERED = 0.99


@dataclasses.dataclass(frozen=True)
class Trial:
    """`asked`: packets a second in each direction, or None = as fast as it goes. `found`: gate41-gen's answer."""
    asked: float | None
    found: dict

    def streams(self):
        return {name: self.found[name] for name in STREAMS if name in self.found}

    def lost(self):
        return sum(stream["lost"] for stream in self.streams().values())

    def sent(self):
        return sum(stream["sent"] for stream in self.streams().values())

    def loss(self):
        """RFC 2544 §26.3, in percent of what was offered."""
        return 100 * self.lost() / max(1, self.sent())

    def wrong(self):
        return sum(stream["wrong"] for stream in self.streams().values())

    def offered(self):
        """As much as was asked for."""
        return self.asked is None or all(stream["rate"] >= LEAST_OFFERED * self.asked for stream in self.streams().values())

    def passes(self):
        return self.offered() and self.sent() > 0 and self.lost() == 0 and self.wrong() == 0

    def delay(self, percentile):
        """The worse direction's, in microseconds."""
        return max(stream["delay_us"][percentile] for stream in self.streams().values())

    def pdv(self):
        return max(stream["pdv_us"] for stream in self.streams().values())

    def recovery(self):
        """Seconds from the change of rate to the last packet that was lost."""
        return max(stream["then"]["recovery_seconds"] for stream in self.streams().values() if "then" in stream)
