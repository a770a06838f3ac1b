"""Processor time of a process, thread by thread, as the scheduler counts it: /proc/PID/task/TID/schedstat."""
import pathlib
import typing


class Taken(typing.NamedTuple):
    """Seconds on a core, and of being ready without one."""
    running: float
    waiting: float

    def __sub__(self, before):
        return Taken(self.running - before.running, self.waiting - before.waiting)


def of_threads(pid):
    """{(thread id, name): Taken}"""
    found = {}
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        running, waiting, _ = map(int, (task / "schedstat").read_text().split())
        found[int(task.name), (task / "comm").read_text().strip()] = Taken(running / 1e9, waiting / 1e9)
    return found


def of_process(pid):
    taken = of_threads(pid).values()
    return Taken(sum(one.running for one in taken), sum(one.waiting for one in taken))
