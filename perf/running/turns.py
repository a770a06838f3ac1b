"""The longest turn of a worker while something goes on beside the traffic, in the processor time of its thread: how long
packets may have to wait for a worker that has a core. By the clock it also waits for a core here, which others use."""
import contextlib
import itertools
import json
import subprocess
import time

from perf.running import scene
from perf.running.page import Page
from tests.e2e import full_table
from tests.e2e.sites import merged
from tests.lab.daemon import program
from tests.lab.netns import wait_for

RATE = 50_000  # packets a second, each way
OPEN_RATE = 100_000  # flows a second
LONG = 3600  # seconds: until it is ended
PATIENCE = 300.0
ALONE = 2.0  # seconds
HOLE = [{"proto": "tcp", "lan": "home", "interface_id": "::1000", "port": 8080}]
CAPTURED = 100_000
REPEATS = 3  # of what can be done again: what the machine does beside is not in all of them


def of_gateway(world, flows):
    """{event: [figures of each time]}"""
    with contextlib.closing(Page(world.lab.folder / "turns")) as page:
        return named(f"gateway, {flows:,} flows", gateways_events(scene.gateway(world, page, flows), page, flows))


def of_relay(world, routes):
    """The same."""
    with contextlib.closing(Page(world.lab.folder / "turns")) as page:
        return named(f"relay, {routes:,} routes", relays_events(scene.relay(world, page, routes), page, routes))


def named(whose, found):
    return {f"{whose}: {name}": figures for name, figures in found.items()}


@contextlib.contextmanager
def traffic(devices, *words):
    """Both ways, until the block ends."""
    command = [*devices.command(), *scene.generator_ports(devices.lab.folder), "--rate", RATE, "--seconds", LONG, "--ready", 60, *words]
    process = devices.place.popen(*command, log="generator")
    try:
        yield process
    finally:
        devices.lab.stop(process)


def during(page, act, times=1):
    """The figures of the worker's turns while `act` ran, each time."""
    return [once(page, act) for _ in range(times)]


def once(page, act):
    page.forget()
    began = time.monotonic()
    act()
    passed = time.monotonic() - began
    turns = page.worker()
    return {"seconds": passed, "turns": turns.turns, "longest": turns.longest, "its wall": turns.its_wall,
            "longest wall": turns.longest_wall, "p99.99": turns.at_most(0.9999)}


def gateways_events(devices, page, flows):
    daemon = devices.world.daemons["gateway"]
    found = {}
    holes = itertools.cycle((HOLE, []))
    with traffic(devices, "--flows", flows, "--open-rate", OPEN_RATE, "--lan-hosts", 200) as generator:
        found["flows are opened"] = during(page, lambda: wait_for_flows(daemon, flows, generator))
        found["traffic alone"] = during(page, lambda: time.sleep(ALONE), REPEATS)
        found["a reload, after which each flow is decided again"] = during(page, lambda: reload(daemon, next(holes)), REPEATS)
        found["all flows are listed"] = during(page, lambda: list_flows(daemon), REPEATS)
        found[f"{CAPTURED:,} packets are captured"] = during(page, lambda: capture(daemon), REPEATS)
        found["all flows are deleted"] = during(page, lambda: daemon.tool("flows", "delete", "--all", timeout=PATIENCE))
    return found


def wait_for_flows(daemon, flows, generator):
    def there():
        if generator.poll() is not None:
            raise RuntimeError(f"the generator has ended:\n{generator.log_path.read_text()}")
        return daemon.ask("counters")["flows"]["current"] >= 0.99 * flows
    wait_for(there, f"{flows} flows are open", PATIENCE, every=0.2)


def reload(daemon, holes):
    """And a while longer, in which packets of most flows meet the new policy."""
    config = json.loads(daemon.config_path.read_text(encoding="utf-8"))
    daemon.config_path.write_text(json.dumps(merged(config, {"filter": {"inbound": holes}})), encoding="utf-8")
    daemon.tool("reload")
    time.sleep(ALONE)


def list_flows(daemon):
    subprocess.run([program("gate41"), "--socket", daemon.socket, "flows", "--json"], stdout=subprocess.DEVNULL, check=True, timeout=PATIENCE)


def capture(daemon):
    """The daemon hears a moment later that the one before has ended."""
    def captured():
        return daemon.tool("capture", "--count", CAPTURED, "/dev/null", check=False, timeout=PATIENCE).returncode == 0
    wait_for(captured, "the capture ends by its count")


def relays_events(devices, page, routes):
    kernel = devices.lab.namespace("relay-k")
    relay = full_table.KernelRoutes(devices.world.daemons["relay"], kernel)
    wait_for(lambda: kernel.ip("-6", "route", "get", full_table.ROUTERS[0], check=False).returncode == 0,
             "the relay's kernel side has its native address", PATIENCE)
    table = full_table.full_table(routes)
    some = list(table.items())[:routes // 10]
    found = {}
    with traffic(devices, "--flows", 100_000):
        found[f"{routes:,} routes come"] = during(page, lambda: change(relay, "add", table.items(), routes))
        found["traffic alone"] = during(page, lambda: time.sleep(ALONE), REPEATS)
        found[f"{len(some):,} routes go"] = during(page, lambda: change(relay, "del", some, routes - len(some)))
        found[f"{len(some):,} routes come back"] = during(page, lambda: change(relay, "add", some, routes))
    return found


def change(relay, command, routes, count):
    relay.batch(command, routes)
    relay.wait_complete(count)


def rows(found):
    """(name, its figures in words): of the times that something was done, the one whose longest turn is the median."""
    for name, times in found.items():
        times = sorted(times, key=lambda figures: figures["longest"])
        typical, longest = times[len(times) // 2], [f"{1e6 * figures['longest']:.0f}" for figures in times]
        yield name, (f"{longest[len(times) // 2]} us ({longest[0]} to {longest[-1]} in {len(times)}), {1e6 * typical['its wall']:.0f} by the "
                     f"clock; by the clock at most {1e6 * typical['longest wall']:.0f}; 99.99 % under {1e6 * typical['p99.99']:.0f} us of its own")
