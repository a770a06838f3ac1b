"""gate41d and its tool, as a lab runs them."""
import json
import os
import pathlib
import subprocess

from .netns import run, wait_for
from .workers import cores_for

ROOT = pathlib.Path(__file__).resolve().parents[2]
START = 60.0  # a busy machine takes its time with the memory


def build_folder():
    return pathlib.Path(os.environ.get("GATE41_BUILD", ROOT / "build"))


def program(name):
    """A program of the build: gate41d, gate41, gate41-fetch; gate41-gen of perf, flood of the tests."""
    places = {"gate41d": "control/gate41d", "gate41": "control/tool/gate41", "gate41-fetch": "control/fetch/gate41-fetch",
              "gate41-gen": "perf/generator/gate41-gen", "flood": "tests/support/flood"}
    return build_folder() / places[name]


class Daemon:
    """One gate41d in a namespace; its own kernel side lives in another namespace, NAME-host."""

    def __init__(self, namespace, instance, config):
        self.namespace = namespace
        self.lab = namespace.lab
        self.instance = instance
        self.config_path = self.lab.folder / f"{instance}.yaml"
        self.socket = self.lab.folder / f"{instance}.sock"
        self.host_netns = f"{self.lab.prefix}-{instance}-k"
        self.process = None
        self.arguments = ()  # further ones of gate41d
        self.write(config)

    def write(self, config):
        """The configuration is a dict; YAML is a superset of JSON."""
        full = {
            "instance": self.instance, "host": {"netns": self.host_netns}, "workers": {"cores": cores_for(config)},
            "eal": {"hugepages": False, "memory": "192M"}, "state": str(self.lab.folder / f"{self.instance}.state"),
            "management": {"socket": str(self.socket), "group": "root"}, **config}
        self.config_path.write_text(json.dumps(full, indent=1))

    def start(self):
        self.process = self.namespace.popen(program("gate41d"), "--config", self.config_path, *self.arguments, log=self.instance)
        wait_for(self.answers, f"{self.instance} answers on its socket; its log is beside it", START)
        return self

    def answers(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.instance} ended with {self.process.returncode}:\n{self.log()[-3000:]}")
        return self.tool("status", check=False).returncode == 0

    def log(self):
        path = self.lab.folder / f"{self.instance}.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def stop(self, **kwargs):
        return self.lab.stop(self.process, **kwargs)

    def tool(self, *words, check=True, **kwargs):
        return run(program("gate41"), "--socket", self.socket, *words, check=check, **kwargs)

    def ask_all(self, command, *words):
        """The lines of the tool's JSON answer."""
        text = self.tool(command, *words, "--json").stdout
        return [json.loads(line) for line in text.splitlines() if line.strip()]

    def ask(self, command, *words):
        """The same, or its only line."""
        lines = self.ask_all(command, *words)
        return lines[0] if len(lines) == 1 else lines

    def status(self):
        return self.ask("status")

    def drops(self):
        """{reason: count} of those that are not zero."""
        return {row["reason"]: row["count"] for row in self.ask("counters")["drops"] if row["count"]}

    def wait_healthy(self, deadline=30.0):
        wait_for(lambda: self.status()["healthy"], f"{self.instance} is healthy", deadline)

    def reload(self):
        return self.tool("reload", check=False)


def tool_help():
    return subprocess.run([program("gate41"), "--help"], capture_output=True, text=True, check=True).stdout
