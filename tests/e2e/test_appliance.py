"""The appliance as it is shipped: its disk boots in QEMU, and the host of a link without IPv6 uses it."""
import pytest

from tests.lab import checks
from tests.lab import internet as net
from tests.lab.daemon import build_folder
from tests.lab.netns import wait_for
from tests.vm import site

pytestmark = pytest.mark.appliance

FOLDER = build_folder().with_name(f"{build_folder().name}-static") / "appliance"
BOOT = 180.0  # of which an idle machine needs a tenth


@pytest.mark.proves("S5", "S20", "S32")
def test_a_lan_host_uses_the_ipv6_internet_through_it_and_the_power_button_ends_it(internet):
    world = internet("g41ap")
    site.build_peers(world)
    appliance = site.plug_in(world, FOLDER / "gate41.raw").start()
    host = world.lab.namespace("host")
    net.wait_address(host, "2002:", BOOT)
    wait_for(lambda: not checks.pings_once(world), "the host reaches the server", 30)
    checks.pings(world)
    checks.fetches_file(world)
    appliance.press_power_button()
    wait_for(lambda: not net.default_router(host), "the host has no default router any more")
