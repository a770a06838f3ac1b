"""Where C++ functions begin and how long they are, by their braces: no compiler needed."""
import dataclasses
import re

# Comments, strings and characters: they may hold braces. A digit separator (1'000) is no character.
NOISE = re.compile(r"""
    //[^\n]* | /\*.*?\*/
  | R"(?P<tag>[^(\s]*)\(.*?\)(?P=tag)"
  | "(?:\\.|[^"\\\n])*"
  | (?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'
  | ^[ \t]*\#(?:\\\n|[^\n])*
""", re.VERBOSE | re.DOTALL | re.MULTILINE)
SCOPE = re.compile(r"\b(namespace|class|struct|union|enum|extern)\b[^()=]*$")


@dataclasses.dataclass
class Function:
    line: int  # of its opening brace
    length: int


def without_noise(text):
    """The same lines, without what may hold braces that are none."""
    return NOISE.sub(lambda match: "\n" * match.group().count("\n"), text)


def kind(header):
    if SCOPE.search(header):
        return "scope"
    return "function" if "(" in header else "other"


def find(text):
    """Functions of namespaces and classes; what is inside of one counts as part of it."""
    text = without_noise(text)
    found, stack, header, line = [], [], "", 1
    for at, char in enumerate(text):
        if char == "\n":
            line += 1
        inside = any(entry[0] != "scope" for entry in stack)
        if char == "{":
            stack.append((kind(header) if not inside else "inner", line, header))
            header = ""
        elif char == "}" and stack:
            what, begin, before = stack.pop()
            # Members that are initialised with braces come before the body.
            initialiser = what == "function" and text[at + 1:].lstrip()[:1] in (",", "{")
            if what == "function" and not initialiser:
                found.append(Function(begin, line - begin + 1))
            header = before if initialiser else ""
        elif char == ";":
            header = ""
        elif not inside:
            header += char
    return found
