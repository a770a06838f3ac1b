"""The figures as a table in Markdown, and what must stand beside them."""
import datetime
import os
import pathlib

SHARED = ("Tester and device share the {cores} cores of this machine with each other and with whatever else it does: these figures "
          "show that the procedures work, and mean little about the device.")
DEDICATED = "Tester and device are said to have cores and links of their own."


def machine():
    text = pathlib.Path("/proc/cpuinfo").read_text(encoding="utf-8")
    models = [line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith("model name")]
    return {"processor": models[0] if models else "unknown", "cores": os.cpu_count(), "load": os.getloadavg()[0],
            "date": datetime.date.today().isoformat()}


def caveat(dedicated, cores):
    return DEDICATED if dedicated else SHARED.format(cores=cores)


def table(results, sizes):
    """`results`: {procedure: {size: found}}."""
    lines = [["", *(f"{size} bytes" if size != "imix" else size for size in sizes)], ["---"] * (len(sizes) + 1)]
    lines += [[name, *(found[size]["text"] if size in found else "" for size in sizes)] for name, found in results.items()]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)
