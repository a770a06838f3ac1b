"""Layout: clang-format, no trailing white space, no long file, no long function."""
import re
import subprocess

from tests.checks import functions
from tests.checks.finding import ROOT, Finding
from tests.checks.sources import CPP, all_files, cpp_files, text

CLANG_FORMAT = "clang-format-14"
FILE_LIMIT = 500
FUNCTION_LIMIT = 60
TEXT = (*CPP, ".py", ".md", ".def", ".build", ".txt", ".yaml", ".tsv", ".supp")
WARNING = re.compile(r"^(.+?):(\d+):\d+: (?:error|warning): ")


def clang_format():
    result = subprocess.run([CLANG_FORMAT, "--dry-run", "--Werror", *cpp_files()], cwd=ROOT, check=False, text=True,
                            capture_output=True)
    lines = [match.groups() for line in result.stderr.splitlines() if (match := WARNING.match(line))]
    if result.returncode != 0 and not lines:
        raise RuntimeError(result.stderr)
    return [Finding(file, int(line), f"not as {CLANG_FORMAT} writes it") for file, line in lines]


def trailing_space():
    return [Finding(name, number, "white space at the end of the line")
            for name in all_files() if name.endswith(TEXT)
            for number, line in enumerate(text(name).split("\n"), 1) if line != line.rstrip()]


def file_length():
    lengths = ((name, text(name).count("\n")) for name in all_files() if name.endswith((*CPP, ".py")))
    return [Finding(name, 0, f"{length} lines, at most {FILE_LIMIT}") for name, length in lengths if length > FILE_LIMIT]


def function_length():
    return [Finding(name, function.line, f"function of {function.length} lines, at most {FUNCTION_LIMIT}")
            for name in cpp_files() for function in functions.find(text(name)) if function.length > FUNCTION_LIMIT]
