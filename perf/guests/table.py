"""What was found, as text and to keep. `found`: {subject: {direction: [a packet's Cost, of each round]}}

Of several rounds the median counts: once a second of the guest's time the daemon looks after itself in one of them.
"""
from statistics import median

# gate41 against them: at most so much.
TARGETS = {"sit and ip6tables": 1 / 13, "testpmd macswap": 1.7}


def text(found):
    directions = list(next(iter(found.values())))
    heads = "".join(f"{name:>9}{'kernel':>9}{'driver':>9}" for name in directions)
    lines = [f"{'instructions a packet':24}{heads}   rounds differ by"]
    for subject, costs in found.items():
        cells = "".join(f"{median(values):9.0f}" for name in directions for values in zip(*costs[name]))
        lines.append(f"{subject:24}{cells}   {apart(costs):.2%}")
    return "\n".join([*lines, "", *(judged(found, subject, target) for subject, target in TARGETS.items())])


def apart(costs):
    """How far the rounds of a direction differ at most."""
    return max(max(cost.all for cost in rounds) / min(cost.all for cost in rounds) - 1 for rounds in costs.values())


def judged(found, subject, target):
    ratios = {name: median(cost.all for cost in rounds) / median(cost.all for cost in found[subject][name])
              for name, rounds in found["gate41"].items()}
    told = "  ".join(f"{name} {ratio:.3f}" for name, ratio in ratios.items())
    return f"gate41 / {subject}: {told}  (at most {target:.3f}: {'met' if max(ratios.values()) <= target else 'MISSED'})"


def kept(found):
    def each(field):
        return {subject: {name: [getattr(cost, field) for cost in rounds] for name, rounds in costs.items()}
                for subject, costs in found.items()}
    return {"instructions a packet": each("all"), "of them the kernel's": each("kernel"), "of them the driver's": each("driver")}
