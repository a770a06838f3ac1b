"""Includes point one way: which folder may include which."""
import re

from tests.checks.finding import Finding
from tests.checks.sources import PRODUCT, cpp_files, text

BASE, NET = "dataplane/base", "dataplane/net"
ENGINE = {BASE, NET}
EVERYTHING = None
# A folder may include itself and what stands here.
ALLOWED = {
    "config": {BASE, NET, "config/keys"},
    "config/keys": {"config"},
    "dataplane/base": set(),
    "dataplane/net": {BASE},
    "dataplane/tunnel": {BASE, NET},
    "dataplane/filter": {BASE, NET},
    "dataplane/forward": {BASE, NET},
    "dataplane/port": {BASE, NET, "config"},
    "dataplane/worker": {BASE, NET, "config", "dataplane/tunnel", "dataplane/filter", "dataplane/forward", "dataplane/port"},
    # Protocol engines: none knows another one.
    "control/dhcp": ENGINE,
    "control/acd": ENGINE,
    "control/address": ENGINE,
    "control/broker": ENGINE,
    "control/prefix": ENGINE | {"dataplane/tunnel"},
    "control/relay": ENGINE | {"control/echowire", "control/ndwire"},
    "control/keepalive": ENGINE,
    "control/sntp": ENGINE,
    "control/syslog": ENGINE,
    "control/path": ENGINE | {"dataplane/tunnel", "dataplane/forward", "dataplane/worker"},
    "control/ping": ENGINE | {"control/echowire"},
    "control/echowire": ENGINE,
    "control/ndwire": ENGINE,
    "control/nd": ENGINE | {"control/ndwire"},
    "control/ra": ENGINE | {"control/ndwire"},
    "control/loop": {BASE, NET},
    "control/operator": {BASE, NET, "control/loop"},
    # The programs beside the daemon.
    "control/setup": {BASE, "config", "control/loop"},
    "control/tool": {BASE, NET, "config", "control/loop", "control/operator", "control/setup"},
    "control/fetch": {BASE},
    "appliance/init": {BASE, "control/loop"},
    "packaging/bind": {BASE, "config", "appliance/init", "dataplane/port"},
    "packaging/whole": set(),
    # They connect the others.
    "control/daemon": EVERYTHING,
    "control": EVERYTHING,
}
# All others are built, and tested, without DPDK.
WITH_DPDK = {"dataplane/filter", "dataplane/forward", "dataplane/port", "dataplane/worker", "control/daemon", "packaging/whole"}
# They say what is right, and know nothing of the product: the standard library, and these.
REFERENCE = "tests/model/reference"
INDEPENDENT = {REFERENCE: {REFERENCE}, "tests/model/generator": {REFERENCE, "tests/model/generator"},
               "tests/model/peers": {REFERENCE, "tests/model/generator", "tests/model/peers"}}
INCLUDE = re.compile(r'^\s*#\s*include\s+["<]([^">]+)[">]')


def folder_of(path):
    """control/nd/engine.hpp -> control/nd"""
    return path.rpartition("/")[0]


def objection(folder, included):
    """Why `folder` may not include this file; None if it may."""
    if included.startswith("rte_"):
        return None if folder in WITH_DPDK else f"{folder} does without DPDK; with it: {', '.join(sorted(WITH_DPDK))}"
    target = folder_of(included)
    allowed = ALLOWED[folder]
    if not included.startswith(PRODUCT) or target == folder or allowed is EVERYTHING or target in allowed:
        return None
    return f"{folder} may not include {target}; allowed: {', '.join(sorted(allowed)) or 'nothing'}"


def dependence(folder, included):
    """Why a folder of INDEPENDENT may not include this file; None if it may."""
    standard = "/" not in included and "." not in included
    if standard or folder_of(included) in INDEPENDENT[folder]:
        return None
    return f"{folder} includes the standard library and {', '.join(sorted(INDEPENDENT[folder]))}, not {included}"


def includes_of(name):
    """(line, what is included)"""
    matches = ((number, INCLUDE.match(line)) for number, line in enumerate(text(name).split("\n"), 1))
    return [(number, match.group(1)) for number, match in matches if match]


def direction():
    findings = []
    for name in cpp_files():
        folder = folder_of(name)
        if folder in INDEPENDENT:
            rule = dependence
        elif not name.startswith(PRODUCT):
            continue
        elif folder in ALLOWED:
            rule = objection
        else:
            findings.append(Finding(name, 0, f"no rule for {folder} in tests/checks/includes.py"))
            continue
        for number, included in includes_of(name):
            why = rule(folder, included)
            if why:
                findings.append(Finding(name, number, why))
    return findings
