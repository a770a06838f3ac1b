"""Network namespaces, veth pairs and processes that a lab owns, and their removal.

Everything is registered with a Lab and goes when it closes, also after an interrupt. Names start with the lab's prefix, so
that what a killed lab left can be found and removed by the next.
"""
import contextlib
import ctypes
import fcntl
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

DEADLINE = 20.0
CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)
LOCKS = pathlib.Path("/run")
TEMPORARY = "gate41-"  # so begin the folders of labs that are made for one run
# A lab that is killed cannot end its processes: the kernel does.
ENDS_WITH_US = ("setpriv", "--pdeathsig", "TERM")


def run(*argv, check=True, timeout=60, **kwargs):
    """Runs a program to its end; its output is in the exception when it fails."""
    result = subprocess.run([str(a) for a in argv], capture_output=True, text=True, timeout=timeout, check=False, **kwargs)
    if check and result.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, argv))}: exit {result.returncode}\n{result.stdout}{result.stderr}")
    return result


def _interrupted(*_):
    raise KeyboardInterrupt


def clean_up_when_ended():
    """To be ended is to be interrupted: labs close."""
    signal.signal(signal.SIGTERM, _interrupted)
    signal.signal(signal.SIGHUP, _interrupted)


def wait_for(condition, what, deadline=DEADLINE, every=0.05):
    """Waits until condition() is true and returns its value; an error says what did not happen."""
    end = time.monotonic() + deadline
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise TimeoutError(f"not within {deadline:.0f} s: {what}")
        time.sleep(every)


class Namespace:
    """A named network namespace with `lo` up."""

    def __init__(self, lab, role):
        self.lab = lab
        self.name = f"{lab.prefix}-{role}"
        run("ip", "netns", "add", self.name)
        self.run("ip", "link", "set", "lo", "up")

    def run(self, *argv, **kwargs):
        return run("ip", "netns", "exec", self.name, *argv, **kwargs)

    def ip(self, *words, **kwargs):
        return run("ip", "-n", self.name, *words, **kwargs)

    def sysctl(self, **values):
        for key, value in values.items():
            self.run("sysctl", "-qw", f"{key.replace('__', '.')}={value}")

    def popen(self, *argv, log, **kwargs):
        """A process in the namespace; it ends with the lab. Its output goes to the lab's folder."""
        path = self.lab.folder / f"{log}.log"
        with open(path, "ab") as output:
            process = subprocess.Popen([*ENDS_WITH_US, "ip", "netns", "exec", self.name, *map(str, argv)],
                                       stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT,
                                       start_new_session=True, **kwargs)
        process.log_path = path
        self.lab.processes.append(process)
        return process

    def addresses(self, interface):
        """IPv6 addresses as `ip -j` gives them."""
        import json
        text = self.ip("-j", "-6", "addr", "show", "dev", interface).stdout
        return [a for link in json.loads(text or "[]") for a in link.get("addr_info", [])]


def _enter(descriptor):
    if _libc.setns(descriptor, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


@contextlib.contextmanager
def inside(namespace):
    """This thread is in the namespace meanwhile; a socket or a TAP that it opens there stays there."""
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    try:
        there = os.open(f"/run/netns/{namespace.name}", os.O_RDONLY)
        try:
            _enter(there)
        finally:
            os.close(there)
        try:
            yield
        finally:
            _enter(home)
    finally:
        os.close(home)


class LabInUse(RuntimeError):
    """Another run has a lab of this prefix: it would lose its namespaces to this one."""


def hold(prefix, folder):
    """An open file with the lock of this prefix, and the folder of a lab that had it and was killed, or None. The kernel lets
    go of the lock with the process, however that ends; what is written in it is taken out by close()."""
    path = LOCKS / f"gate41-lab-{prefix}.lock"
    lock = open(path, "a+", encoding="utf-8")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        holder = lock.readline().strip()
        lock.close()
        raise LabInUse(f"a lab {prefix} is running already, in process {holder} ({path})") from None
    lock.seek(0)
    killed = next((pathlib.Path(line.strip()) for line in lock.readlines()[-1:]), None)
    lock.truncate(0)
    lock.write(f"{os.getpid()}: {' '.join(sys.orig_argv)}\n{folder}\n")
    lock.flush()
    return lock, killed


class Lab:
    """Owns namespaces, processes and a folder for logs, configurations and state."""

    def __init__(self, folder, prefix="g41lab"):
        self.folder = folder
        self.prefix = prefix
        self.namespaces = {}
        self.processes = []
        self.lock, killed = hold(prefix, folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        left = remove_leftovers(prefix) + remove_folder(killed)
        if left:
            print(f"a lab {prefix} has been killed; removed what it left: {', '.join(left)}", file=sys.stderr, flush=True)

    def namespace(self, role):
        if role not in self.namespaces:
            self.namespaces[role] = Namespace(self, role)
        return self.namespaces[role]

    def link(self, one, one_if, other, other_if, mtu=1500):
        """A veth pair with all offloads off: a DPDK port would see unfinished checksums."""
        run("ip", "link", "add", one_if, "netns", one.name, "type", "veth", "peer", "name", other_if, "netns", other.name)
        for place, name in ((one, one_if), (other, other_if)):
            place.run("ethtool", "-K", name, "rx", "off", "tx", "off", "gso", "off", "gro", "off", "tso", "off")
            place.ip("link", "set", name, "mtu", mtu)
            place.sysctl(**{f"net__ipv6__conf__{name}__accept_dad": 0})
            place.ip("link", "set", name, "up")

    def stop(self, process, how=signal.SIGTERM, deadline=15.0):
        """Ends one process and waits for it."""
        if process in self.processes:
            self.processes.remove(process)
        if process.poll() is None:
            process.send_signal(how)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(deadline)
        if process.poll() is None:
            process.kill()
            process.wait(5)
        return process.returncode

    def close(self):
        for process in reversed(list(self.processes)):
            self.stop(process, deadline=5.0)
        for namespace in self.namespaces.values():
            run("ip", "netns", "del", namespace.name, check=False)
        self.namespaces.clear()
        remove_leftovers(self.prefix)
        self.lock.truncate(0)
        self.lock.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def remove_leftovers(prefix):
    """Processes and namespaces of a lab that was killed: those, and only those, whose name has the prefix. What was there."""
    names = [line.split()[0] for line in run("ip", "netns", "list").stdout.splitlines() if line.startswith(f"{prefix}-")]
    left = []
    for name in names:
        for pid in map(int, run("ip", "netns", "pids", name, check=False).stdout.split()):
            if pid != os.getpid():
                left.append(f"process {pid}")
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
        run("ip", "netns", "del", name, check=False)
    return [f"namespace {name}" for name in names] + left


def temporary_folder(what):
    return pathlib.Path(tempfile.mkdtemp(prefix=f"{TEMPORARY}{what}-"))


def remove_folder(folder):
    """That of a lab that was killed, if it was a temporary one."""
    if folder is None or not folder.name.startswith(TEMPORARY) or not folder.is_dir():
        return []
    shutil.rmtree(folder, ignore_errors=True)
    return [str(folder)]
