"""`scripts/appliance/kernel`: builds the appliance's kernel unless it is there, and says where."""
import sys

from .minimal import minimal_kernel


def main():
    try:
        image = minimal_kernel()
    except RuntimeError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{image}: {image.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
