"""A device that is not there: it answers as gate41-gen would, and loses what it has no capacity for."""


class Device:
    """`capacity`: packets a second in each direction; `room`: packets of a burst; `offered`: what the tester can send;
    `silence`: seconds for which it passes nothing."""

    def __init__(self, capacity=1e9, room=10**9, offered=1e9, delay=100.0, connections=10**9, connection_rate=1e9, wrong=0):
        self.capacity, self.room, self.offered, self.delay, self.wrong = capacity, room, offered, delay, wrong
        self.connections, self.connection_rate = connections, connection_rate
        self.trials = []
        self.silence = 0.0

    def __call__(self, options):
        self.trials.append(options)
        found = {}
        if "flows" in options:
            found["opened"] = self.opened(options["flows"], options["open-rate"])
        sides = {"lan": ["from_lan"], "wan": ["from_wan"]}.get(options.get("mode"), ["from_lan", "from_wan"])
        return {**found, **{side: self.stream(options) for side in sides}}

    def opened(self, flows, rate):
        good = flows if rate <= self.connection_rate else int(flows * self.connection_rate / rate)
        return {"flows": flows, "arrived": good, "answered": good, "rate": min(rate, self.offered)}

    def stream(self, options):
        rate = self.offered if options.get("rate") == "max" else min(self.offered, float(options.get("rate", 1000)))
        sent = int(options.get("count", rate * options["seconds"]))
        lost = max(0, sent - self.room) if "count" in options else max(0, round(sent * (1 - self.capacity / rate)))
        if "flows" in options:
            lost = max(0, options["flows"] - self.connections)
        lost += round(self.silence * rate)
        stream = {"sent": sent, "lost": lost, "wrong": self.wrong, "rate": rate, "pdv_us": 3 * self.delay,
                  "delay_us": {"p50": self.delay, "p99_9": 4 * self.delay}}
        if "then-rate" in options:
            stream["then"] = {"recovery_seconds": 0.25}
        return stream
