"""BIRD 2 in a namespace: a real BGP speaker."""
from .netns import run, wait_for

# A neighbour that has died is known within half a second; sessions come back within seconds.
BFD = "protocol bfd { interface \"*\" { interval 100 ms; multiplier 5; }; }"
QUICK = "hold time 9; connect delay time 1; connect retry time 5; error wait time 1, 5; bfd on;"


class Bird:
    """`config`: without what all have: the router's id, devices, BFD."""

    def __init__(self, namespace, name, router_id, config):
        self.namespace, self.name = namespace, name
        folder = namespace.lab.folder
        self.config_path, self.control = folder / f"{name}.conf", folder / f"{name}.ctl"
        self.config_path.write_text(f"router id {router_id};\nprotocol device {{ scan time 1; }}\n{BFD}\n{config}")
        self.process = None

    def start(self):
        self.process = self.namespace.popen("bird", "-f", "-c", self.config_path, "-s", self.control, log=self.name)
        wait_for(lambda: self.show("status", check=False).returncode == 0, f"{self.name} answers")
        return self

    def show(self, *words, check=True):
        return run("birdc", "-r", "-s", self.control, "show", *words, check=check)

    def established(self):
        """The names of its BGP sessions that are up."""
        lines = [line.split() for line in self.show("protocols").stdout.splitlines()]
        return {words[0] for words in lines if len(words) > 5 and words[1] == "BGP" and words[5] == "Established"}
