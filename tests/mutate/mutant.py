"""A planted fault, as data."""
import dataclasses


@dataclasses.dataclass(frozen=True)
class Mutant:
    """`original` stands exactly once in `file`. One that ends with `;` is a statement, another an expression.

    `tests` is ROOM:FILTER: the program tests/unit/ROOM and the GoogleTest filter that is expected to turn red; of the room `matrix`, tests/matrix, it is what pytest's -k takes,
    and of the room `model`, tests/model, a number of packets.
    `survives` says why no test can see the fault, when that is so.
    """
    id: str
    file: str
    original: str
    mutated: str
    tests: str
    why: str
    survives: str = ""

    @property
    def is_statement(self):
        return self.original.endswith(";")

    def __post_init__(self):
        for text in (self.original, self.mutated):
            balanced = all(text.count(a) == text.count(b) for a, b in ("()", "{}"))
            torn = text.startswith("else") or (not self.is_statement and "{" not in text and (";" in text or not text))
            if not balanced or torn:
                raise ValueError(f"{self.id}: neither a whole statement nor a whole expression: {text!r}")

    @property
    def room(self):
        return self.tests.partition(":")[0]

    @property
    def filter(self):
        return self.tests.partition(":")[2] or "*"

    def switched(self, number):
        """The original and the fault, behind one switch."""
        if self.is_statement:
            return f"if (::gate41::mutant({number})) {{ {self.mutated} }} else {{ {self.original} }}"
        return f"(::gate41::mutant({number}) ? ({self.mutated}) : ({self.original}))"
