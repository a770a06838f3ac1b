"""What would differ from build to build, were it not the same always."""
import os
import subprocess
import uuid

# Of every file and file system: a time that clocks have behind them.
TIME = 1_700_000_000
ENVIRONMENT = {**os.environ, "SOURCE_DATE_EPOCH": str(TIME), "E2FSPROGS_FAKE_TIME": str(TIME), "TZ": "UTC", "LC_ALL": "C"}
NAMESPACE = uuid.UUID("9d2a8f1e-6f0b-4c41-8a41-6704116e0041")


def identifier(name):
    """The UUID of this name, upper case as partition tables are written."""
    return str(uuid.uuid5(NAMESPACE, name)).upper()


def run(*argv, **kwargs):
    """A tool that says something only when it fails."""
    result = subprocess.run([str(word) for word in argv], env=ENVIRONMENT, check=False, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, **kwargs)
    if result.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, argv))}: exit {result.returncode}\n{result.stdout}")
    return result.stdout
