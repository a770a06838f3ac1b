"""What a person reads while the lab runs: each step a line with its time, at the end a table."""
import json
import sys
import time


class Story:
    def __init__(self, quiet=False):
        self.quiet = quiet
        self.begin = time.monotonic()
        self.checks = []  # {"name", "ok", "seconds", "detail"}
        self.complete = False  # all checks have been run

    def step(self, text):
        if not self.quiet:
            print(f"{time.monotonic() - self.begin:6.1f} s  {text}", flush=True)

    def check(self, name, function):
        """Runs one check; what it returns is told as its detail. A failed one does not end the lab."""
        begin = time.monotonic()
        try:
            detail, ok = str(function() or ""), True
        except Exception as error:  # whatever went wrong is the check's result
            detail, ok = f"{type(error).__name__}: {error}", False
        self.checks.append({"name": name, "ok": ok, "seconds": round(time.monotonic() - begin, 1), "detail": detail})
        first_line = detail.splitlines()[0] if detail else ""
        self.step(f"{'ok  ' if ok else 'FAIL'} {name}" + (f": {first_line}" if first_line else ""))
        if not ok:
            print("\n".join(f"            {line}" for line in detail.splitlines()[1:30]), file=sys.stderr, flush=True)
        return ok

    @property
    def ok(self):
        return self.complete and all(check["ok"] for check in self.checks)

    def table(self):
        width = max((len(check["name"]) for check in self.checks), default=0)
        lines = [f"  {'ok  ' if c['ok'] else 'FAIL'}  {c['name']:<{width}}  {c['seconds']:5.1f} s" for c in self.checks]
        passed = sum(check["ok"] for check in self.checks)
        verdict = "all checks passed" if self.ok else f"{len(self.checks) - passed} of {len(self.checks)} checks failed"
        if not self.complete:
            verdict += "; the others were not run"
        return "\n".join([""] + lines + ["", f"{verdict} ({time.monotonic() - self.begin:.1f} s)"])

    def as_json(self):
        return json.dumps({"ok": self.ok, "checks": self.checks})
