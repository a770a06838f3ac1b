"""`scripts/check`: what can be said about the code without running it."""
import argparse
import sys
import time

from tests.checks import conformance, counts, faults, generated, includes, rfc6092, style, tidy

CHECKS = {
    "clang-format": style.clang_format,
    "white space": style.trailing_space,
    "length of files": style.file_length,
    "length of functions": style.function_length,
    "direction of includes": includes.direction,
    "requirements named by tests": conformance.names_exist,
    "recommendations of RFC 6092": rfc6092.none_open,
    "generated files": generated.up_to_date,
    "planted faults": faults.misfits,
    "pinned counts": counts.documented,
    "clang-tidy": tidy.findings,
}
SLOW = ["clang-tidy"]


def arguments():
    parser = argparse.ArgumentParser(prog="scripts/check", description="Format, lengths, includes, generated files, "
                                     "clang-tidy. Each finding is a line `FILE:LINE: what is wrong`; exit 1 if there is one.")
    parser.add_argument("--quick", action="store_true", help=f"without {', '.join(SLOW)}")
    parser.add_argument("--write", action="store_true", help="write the generated files anew first: "
                        + ", ".join(generated.FILES))
    return parser.parse_args()


def run(name, check):
    """True when it found nothing."""
    begin = time.monotonic()
    found = sorted(check())
    print(f"{name}: {len(found) or 'no'} finding{'s' * (len(found) != 1)} ({time.monotonic() - begin:.1f} s)", flush=True)
    for finding in found:
        print(f"  {finding}", flush=True)
    return not found


def main():
    options = arguments()
    try:
        if options.write:
            generated.write()
        results = [run(name, check) for name, check in CHECKS.items() if not (options.quick and name in SLOW)]
    except conformance.Mistake as mistake:
        print(mistake)
        return 1
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main())
