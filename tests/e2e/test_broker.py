"""A site tells tunnel brokers its address, each in its own way: one daemon with a tunnel of each, one HTTPS server."""
import pathlib

import pytest

from tests.lab import internet as net
from tests.lab.netns import wait_for
from tests.lab.peers import Dnsmasq

from .broker import NAME, Authority, UpdatePage, readable_folder

PREFIX = "g41br"
WAN, ISP, BROKER = "11.0.0.2", "11.0.0.1", "11.0.9.3"
USER, PASSWORD = "somebody", "s3cret:of-nobody"
ANSWERS = {"good": f"good {WAN}\n", "nochg": f"nochg {WAN}\n", "badauth": "badauth\n",
           "page": "<html><title>Log in to the hotel</title>\n<body>first</body></html>\n", "stranger": f"good {WAN}\n"}
CASES = [*ANSWERS, "open"]
COMMANDS = ["status", "tunnels", "doctor", "health", "dhcp", "ra", "ports", "counters", "flows", "routes", "neighbours",
            "version"]


def tunnel(number, case, folder):
    """6in4 whose broker the case is named after."""
    broker = {"url": f"https://{NAME}/nic/update", "host": case, "credentials": str(folder / "login"),
              "ca": str(folder / "authority.pem")}
    if case == "open":
        broker["credentials"] = str(folder / "open")
    if case == "stranger":
        broker["ca"] = str(folder / "stranger.pem")
    return {"mode": "6in4", "probe": {"interval": "5min"}, "broker": broker, "6in4": {
        "remote": f"11.0.9.{20 + number}", "address": f"2600:41:{number}::2/64", "prefix": f"2600:41:80{number:02}::/48"}}


def write_logins(folder):
    """One as it should be, one that others may read."""
    for name, mode in (("login", 0o600), ("open", 0o644)):
        (folder / name).write_text(f"{USER}:{PASSWORD}\n")
        (folder / name).chmod(mode)


class Site:
    """The daemon, and what the broker's page was asked; running processes were looked at while the first was."""

    def __init__(self, world):
        self.isp, self.lab = world.build_isp(), world.lab
        self.folder_context = readable_folder()
        folder = self.folder_context.__enter__()
        write_logins(folder)
        authority, _ = Authority(folder, "authority"), Authority(folder, "stranger")
        self.gateway = world.add_gateway(
            wan={"ipv4": {"address": f"{WAN}/24", "gateway": ISP, "dns": [ISP]},
                 "external_address": {"from": ["interface"]}},
            tunnels={case: tunnel(number, case, folder) for number, case in enumerate(CASES)})
        self.isp.ip("addr", "add", f"{BROKER}/32", "dev", "lo")
        Dnsmasq(self.isp, "dns", "w0", ("11.0.0.10", "11.0.0.19"), ISP, hosts=[(NAME, BROKER)]).start()
        self.page = UpdatePage(self.isp, BROKER, authority.sign(NAME), ANSWERS)
        self.page.may_answer.clear()
        self.gateway.start()
        assert self.page.asked.wait(20)
        self.seen_by_others = arguments_and_environments()
        self.page.may_answer.set()
        wait_for(lambda: all(self.state(case)["state"] not in ("waiting", "due", "asking") for case in CASES),
                 "each broker was asked", 30)

    def state(self, case):
        return next(s for s in self.gateway.status()["states"] if s["component"] == f"broker.{case}")

    def close(self):
        self.page.close()
        self.folder_context.__exit__(None, None, None)


def arguments_and_environments():
    """{program: what every user of the machine, or every process of its own user, may read of it}"""
    found = {}
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            name = (process / "comm").read_text().strip()
            found[name] = found.get(name, b"") + (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            pass  # it has ended
    return found


@pytest.fixture(scope="module")
def site(module_internet):
    result = Site(module_internet(PREFIX))
    yield result
    result.close()


@pytest.mark.proves("U1", "U2", "U3")
def test_the_broker_is_told_the_external_address_with_the_logins_of_the_file(site):
    asked = ("/nic/update", {"hostname": "good", "myip": WAN}, f"{USER}:{PASSWORD}")
    assert site.page.requests["good"] == [asked]


@pytest.mark.proves("U1")
@pytest.mark.parametrize("case", ["good", "nochg"])
def test_what_the_broker_accepts_is_told_by_status(site, case):
    state = site.state(case)
    assert state["state"] == "updated" and state["ok"]
    sentence = f"the broker {NAME} has {WAN} for {case} ({case} {WAN}), told again in 24 h"
    assert state["sentence"] == sentence and sentence in " ".join(site.gateway.tool("status").stdout.split())


@pytest.mark.proves("U1")
def test_a_wrong_login_is_a_state_and_is_not_tried_again(site):
    state = site.state("badauth")
    assert state["state"] == "refused" and not state["ok"]
    assert state["sentence"] == (f"the broker {NAME} refuses {WAN} for badauth: the user name or the password is wrong "
                                 "(badauth); not asked again until the address or the configuration changes")
    assert len(site.page.requests["badauth"]) == 1


@pytest.mark.proves("U1")
def test_the_first_line_of_a_web_page_is_told(site):
    state = site.state("page")
    assert state["state"] == "failed"
    assert 'its answer is none of a broker: "<html><title>Log in to the hotel</title>"; again in ' in state["sentence"]


@pytest.mark.proves("U1")
def test_a_certificate_of_another_authority_is_refused_before_anything_is_told(site):
    assert site.state("stranger")["state"] == "failed"
    assert "the certificate cannot be verified" in site.state("stranger")["sentence"]
    assert "stranger" not in site.page.requests


def test_logins_that_others_may_read_are_refused_with_the_remedy(site):
    assert site.state("open")["state"] == "failed"
    assert "/open: others may use it (mode 0644); chmod 600 " in site.state("open")["sentence"]
    assert "open" not in site.page.requests


def test_the_password_is_in_no_log_no_answer_and_no_process(site):
    answers = [site.gateway.tool(command, *form, check=False) for command in COMMANDS for form in ((), ("--json",))]
    told = [answer.stdout + answer.stderr for answer in answers]
    logs = [path.read_text(errors="replace") for path in site.lab.folder.rglob("*") if path.is_file()]
    assert any(NAME in text for text in told) and any(NAME in text for text in logs)
    assert [text for text in [*told, *logs] if PASSWORD in text] == []
    assert "gate41-fetch" in site.seen_by_others
    assert [name for name, text in site.seen_by_others.items() if PASSWORD.encode() in text] == []
