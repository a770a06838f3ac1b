"""How many workers each daemon of a lab has, and what its ports are called so that each worker has queues of its own."""
import os

WORKERS = int(os.environ.get("GATE41_WORKERS", "1"))


def af_packet(index, interface):
    """A port on an interface of the kernel. Its queues are long: what does not fit into one comes by the next, and overtakes."""
    queues = f",qpairs={WORKERS},framecnt=4096" if WORKERS > 1 else ""
    return f"net_af_packet{index},iface={interface}{queues}"


def seeing_fragments(index, interface):
    """The same, where the daemon sees IPv4 fragments, which net_af_packet has the kernel put together before. A veth has one
    queue for AF_XDP; libpcap sends by as many as are asked for, and all that comes is the first worker's to share out."""
    if WORKERS == 1:
        return f"net_af_xdp{index},iface={interface}"
    return f"net_pcap{index},rx_iface_in={interface}" + f",tx_iface={interface}" * WORKERS


def cores_for(config):
    """Of the key workers.cores. Control shares them where the machine has no more."""
    ports = config.get("ports", {})
    devices = [] if ports == "auto" else [port["device"] for port in ports.values()]
    queues = all(device.startswith(("net_af_packet", "net_pcap")) for device in devices)
    return sorted(os.sched_getaffinity(0))[:WORKERS] if WORKERS > 1 and queues else "auto"
