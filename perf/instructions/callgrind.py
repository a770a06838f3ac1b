"""Runs the program under callgrind, and reads what it wrote. Its format:
https://valgrind.org/docs/manual/cl-format.html
"""
import collections
import dataclasses
import pathlib
import re
import subprocess
import tempfile

# A line that says where the next costs belong, or where a call leads. A number stands for a name that was told before.
PLACE = re.compile(r"(ob|fl|fi|fe|fn|cob|cfi|cfl|cfn)=(?:\((\d+)\))? ?(.*)")
KINDS = {"ob": "object", "fl": "file", "fi": "file", "fe": "file", "fn": "function"}
COST = re.compile(r"[-+*\d]\S* (\d+)")
CASE = re.compile(r"desc: Trigger: Client Request: (.*)")
PACKETS = re.compile(r"(.*): (\d+) packets")


@dataclasses.dataclass
class Case:
    """Instructions of one packet. What is inlined counts for the file that it stands in, and for the function around it."""
    name: str
    by_file: dict
    by_function: dict  # its own ones
    with_calls: dict  # and those of all that it calls

    @property
    def total(self):
        return sum(self.by_file.values())


def count(program):
    """The cases that the program runs, in their order."""
    with tempfile.TemporaryDirectory() as scratch:
        argv = ["valgrind", "--tool=callgrind", "--collect-atstart=no", f"--callgrind-out-file={scratch}/out", program]
        told = subprocess.run(argv, check=True, capture_output=True, text=True).stdout
        texts = [path.read_text() for path in pathlib.Path(scratch).glob("out.*")]
    dumps = {CASE.search(text).group(1): text for text in texts}
    return [read(name, int(packets), dumps[name]) for name, packets in PACKETS.findall(told)]


def read(name, packets, text):
    by_file, by_function, with_calls = (collections.Counter() for _ in range(3))
    names = collections.defaultdict(dict)
    here = {}
    calls = False
    for line in text.splitlines():
        if place := PLACE.fullmatch(line):
            what, number, told = place.groups()
            kind = KINDS[what.removeprefix("c").replace("fl", "fi")]
            told = names[kind].setdefault(number, told)
            if not what.startswith("c"):
                here[kind] = told
        elif line.startswith("calls="):
            calls = True
        elif cost := COST.fullmatch(line):
            cost_a_packet = int(cost.group(1)) / packets
            with_calls[here["function"]] += cost_a_packet
            if not calls:
                by_file[file_of(here)] += cost_a_packet
                by_function[here["function"]] += cost_a_packet
            calls = False
    return Case(name, by_file, by_function, with_calls)


def file_of(place):
    """Ours below the root, as the build folder sees it; others by the library that they are part of."""
    path, below, ours = place["file"].partition("/../")
    if below and path.startswith("/"):
        return ours
    if path.startswith("/usr/include/"):
        return "DPDK's headers" if "/dpdk/" in path else "C++'s headers"
    return pathlib.PurePath(place["object"]).name.split(".so")[0]
