"""`scripts/lab`: brings the lab up, tells the story, checks, prints a table, cleans up."""
import argparse
import shutil
import signal
import sys

from . import bgp, checks
from .daemon import program
from .internet import HOST_ID, Internet
from .netns import LabInUse, clean_up_when_ended, temporary_folder
from .story import Story

# Renewal after 3 s (option 58), so that a changed lease shows at once.
QUICK_RENEWAL = ("58,3", "59,3500")


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/lab", description="A small Internet of network namespaces: a host gets "
                                     "IPv6 through gate41 and uses it. Exit status 0 only if all checks passed.")
    parser.add_argument("--keep", action="store_true", help="leave it running and say how to enter the host")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--one-port", action="store_true", help="the gateway on a stick: one NIC for WAN and LAN")
    kind.add_argument("--6rd", dest="mode", action="store_const", const="6rd", default="6to4",
                      help="the provider offers its 6rd domain by DHCP (option 212)")
    kind.add_argument("--6in4", dest="mode", action="store_const", const="6in4",
                      help="a configured tunnel to a broker, who is another gateway")
    kind.add_argument("--bgp", action="store_true", help="two relays that announce themselves by BGP (BIRD); one is killed")
    parser.add_argument("--json", action="store_true", help="one JSON object as the last line")
    return parser.parse_args()


def bring_up(world, story, one_port):
    story.step("an ISP with DHCP, DNS and two address echoes")
    world.build_isp()
    what = {"6to4": "a 6to4 relay", "6rd": "a 6rd border relay", "6in4": "a tunnel broker"}[world.mode]
    story.step(f"{what} (gate41d) with an IPv6-only web server behind it")
    relay = world.build_relay().start()
    world.serve_web()
    story.step("a gateway (gate41d)" + (" on a stick" if one_port else "") + " with one host on its LAN")
    gateway = world.add_gateway_on_a_stick() if one_port else world.add_gateway(
        filter={"inbound": [{"proto": "echo", "lan": "home", "interface_id": HOST_ID}]})
    world.serve_dhcp("w0", "11.0.0")
    gateway.start()
    relay.wait_healthy()
    world.wait_web_routed()
    gateway.wait_healthy()
    story.step(f"{gateway.status()['tunnels'][0]['prefix']} is the site's prefix; the gateway is healthy")


def bring_up_second(world, story):
    story.step("a second site (gate41d) with two LANs")
    second = world.add_second_site(
        filter={"inbound": [{"proto": "echo", "lan": "one", "interface_id": HOST_ID}]})
    world.serve_dhcp("w2", "11.0.2")
    second.start()
    second.wait_healthy()


def run_checks(world, story, one_port):
    story.check("the host configures itself by SLAAC", lambda: checks.has_address(world))
    story.check("the host pings the web server", lambda: checks.pings(world))
    story.check("a UDP exchange", lambda: checks.exchanges_udp(world))
    story.check("10 MB by curl -6", lambda: checks.fetches_file(world))
    story.check("the server cannot open a connection", lambda: checks.refuses_server(world))
    story.check("the host learns the MTU", lambda: checks.learns_mtu(world))
    story.check("a host that ignores the MTU option", lambda: checks.ignores_mtu(world))
    brokered = world.mode == "6in4"
    if not one_port and not brokered:
        bring_up_second(world, story)
        story.check("site to site, directly", lambda: checks.reaches_other_site(world))
        story.check("two LANs of one site", lambda: checks.routes_between_lans(world))
    if not brokered:  # the broker would have to be told
        story.check("the lease changes", lambda: checks.survives_new_lease(world))
    story.check("the relay dies and returns", lambda: checks.survives_dead_relay(world))
    story.check("the gateway is killed and restarted", lambda: checks.survives_kill(world))
    story.complete = True


def tell(world, story, options):
    if options.bgp:
        bgp.bring_up(world, story)
        bgp.run_checks(world, story)
    else:
        bring_up(world, story, options.one_port)
        run_checks(world, story, options.one_port)


def keep(world):
    print(f"\nThe lab is running. Enter the host:      ip netns exec {world.lab.namespace('host').name} bash\n"
          f"Ask the gateway:                         {program('gate41')} --socket {world.daemons['gateway'].socket} status\n"
          "End it with Ctrl-C.", flush=True)
    signal.sigwait({signal.SIGINT, signal.SIGTERM})


def main():
    options = arguments()
    clean_up_when_ended()
    folder = temporary_folder("lab")
    story = Story()
    keep_logs = True
    try:
        world_of = bgp.BgpInternet if options.bgp else Internet
        with world_of(folder, dhcp_options=QUICK_RENEWAL, mode=options.mode) as world:
            tell(world, story, options)
            if options.keep:
                keep(world)
        story.step("cleaned up")
        keep_logs = not story.ok
    except KeyboardInterrupt:
        print("interrupted; cleaned up", file=sys.stderr)
        keep_logs = False
    except LabInUse as error:
        print(f"{error}; end it first", file=sys.stderr)
        keep_logs = False
        return 1
    except (RuntimeError, TimeoutError) as error:
        print(f"the lab did not come up: {error}", file=sys.stderr)
    finally:
        if keep_logs:
            print(f"logs: {folder}", file=sys.stderr)
        else:
            shutil.rmtree(folder, ignore_errors=True)
    print(story.table())
    if options.json:
        print(story.as_json())
    return 0 if story.ok else 1


if __name__ == "__main__":
    sys.exit(main())
