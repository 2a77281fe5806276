"""One line of the language while it is read: its limits, its tree, and every place in it for an error's caret."""

from __future__ import annotations

import ast
import keyword
import math
import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from typing import NoReturn

MAX_LINE = 500
MAX_NODES = 200
MAX_DEPTH = 40
_KEYWORDS = frozenset(keyword.kwlist) - {"and", "or", "not"}
_WORD = re.compile(r"\w+")
_NUMERAL = re.compile(r"(?<!\w)(?:\d|\.\d)(?:[eE][+-]?\d|[\w.])*")
_DECIMAL = re.compile(r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_GAP = re.compile(r"(?P<left>\b[^\W\d]\w*|[\])])\s+(?P<right>[^\W\d]\w*|\d+(?:\.\d*)?|\()", re.ASCII)
"""A name or closing bracket, blanks, and then what cannot follow without an operator between."""
_COMMA = re.compile(r",(\d+)(?![\w.])", re.ASCII)
"""A comma and what would follow the point of a number."""
_SPELLED = {
    "⊙": "write * for the elementwise product",
    "·": "write * for a product, @ for a matrix and a vector",
    "×": "write * for a product",
    "−": "write - for minus",
    "≤": "write <=",
    "≥": "write >=",
    "≠": "write !=",
    "²": "write **2",
    "³": "write **3",
    "√": "write sqrt(…)",
    "‖": "write norm(…)",
    "ᵀ": "the language has no transpose",
}
"""What books write and no keyboard has → how it is typed."""


class EquationError(ValueError):
    """A text of the equation language that cannot be read; names the place, the cause and the next action."""

    def __init__(self, reason: str, line: int = 1, column: int = 1, source_line: str = "") -> None:
        """`line` and `column` count from 1, in the text as typed."""
        self.reason = reason
        self.line = line
        self.column = column
        self.source_line = source_line
        self.also: tuple[EquationError, ...] = ()
        """What else is wrong with the same text, in its order."""
        shown = "".join(letter if letter.isprintable() else " " for letter in source_line)
        caret = f"\n    {shown}\n    {' ' * (column - 1)}^" if source_line else ""
        super().__init__(f"line {line}, column {column}: {reason}{caret}")

    def __reduce__(self) -> tuple[type[EquationError], tuple[str, int, int, str], dict[str, object]]:
        return EquationError, (self.reason, self.line, self.column, self.source_line), {"also": self.also}


@contextmanager
def noted(faults: list[EquationError]) -> Iterator[None]:
    """What is wrong within is added to the faults, and reading goes on."""
    try:
        yield
    except EquationError as fault:
        faults.append(fault)


def together(faults: Iterable[EquationError]) -> EquationError:
    """The first of the faults of a text, at least one, the others with it."""
    every = [each for fault in faults for each in (fault, *fault.also)]
    first, *others = sorted(every, key=lambda fault: (fault.line, fault.column))
    first.also = tuple(others)
    return first


def near(name: str, known: Collection[str]) -> str:
    """`; did you mean …?` where a known name is close; empty otherwise."""
    close = get_close_matches(name, sorted(known), n=1, cutoff=0.6)
    return f"; did you mean {close[0]!r}?" if close else ""


class SourceLine:
    """One line being read: parses it within the limits and turns places in the tree into places in the text."""

    def __init__(
        self,
        code: str,
        typed: str = "",
        line: int = 1,
        columns: Mapping[int, int] | None = None,
        remedy: str = "split the equation",
        form: str = "write one equation a line, like h[t] = tanh(U @ x[t] + W @ h[t-1] + b)",
    ) -> None:
        """`code` is what is parsed; `typed` the line for the caret; `columns`: place in code → place in typed;
        `remedy`: what to do about too long a line; `form`: what to write where nothing can be read."""
        self.code = code
        self.typed = typed or code
        self.line = line
        self._columns = columns
        self._remedy = remedy
        self._form = form

    def fail(self, reason: str, at: ast.AST | int = 0) -> NoReturn:
        """Raise EquationError at a node or at a place (from 0) in the code."""
        raise self.error(reason, at)

    def error(self, reason: str, at: ast.AST | int = 0) -> EquationError:
        """What `fail` raises."""
        place = at if isinstance(at, int) else self._place(at)
        if self._columns is not None:
            place = self._columns.get(place, len(self.typed))
        return EquationError(reason, self.line, min(place, len(self.typed)) + 1, self.typed)

    def _place(self, node: ast.AST, after: bool = False) -> int:
        """Where a node begins, or what comes after it; ast counts columns in bytes of UTF-8."""
        column = getattr(node, "end_col_offset" if after else "col_offset", 0)
        return len(self.code.encode()[:column].decode(errors="ignore"))

    def check_commas(self, parts: Sequence[ast.expr]) -> None:
        """Raise EquationError where a comma between these parts stands in a number: 0,1 for 0.1."""
        faults: list[EquationError] = []
        for part in parts[:-1]:
            found = _COMMA.match(self.code, self._place(part, after=True))
            whole = re.search(r"(?<![\w.])\d+$", self.code[: found.start()]) if found else None
            if found and whole:
                faults.append(self.error(f"a decimal comma: write {whole[0]}.{found[1]}", found.start()))
        if faults:
            raise together(faults)

    def comma(self, parts: Sequence[ast.expr]) -> int:
        """The place of the comma after the first of some parts."""
        return self.code.find(",", self._place(parts[0], after=True)) if parts else 0

    def parse(self, mode: str) -> ast.AST:
        """The tree of an expression ("eval") or statement ("exec"). Raises EquationError."""
        self._limits()
        try:
            tree: ast.AST = compile(self.code, "<equation>", mode, ast.PyCF_ONLY_AST)
        except SyntaxError as error:
            self.fail(*self._unreadable(error))
        except (RecursionError, MemoryError, ValueError, OverflowError):
            self.fail("this cannot be read as an equation: it is too deep or holds a character that has no place here")
        nodes = sum(1 for node in ast.walk(tree) if isinstance(node, (ast.expr, ast.stmt)))
        if nodes > MAX_NODES:
            self.fail(f"{nodes} parts in one line, and {MAX_NODES} are allowed: {self._remedy}")
        if _depth(tree) > MAX_DEPTH:
            self.fail(f"nested more than {MAX_DEPTH} deep: {self._remedy}")
        return tree

    def _limits(self) -> None:
        if len(self.typed) > MAX_LINE:
            self.fail(f"{len(self.typed)} characters in one line, and {MAX_LINE} are allowed: {self._remedy}")
        depth = 0
        run = 0
        for place, character in enumerate(self.code):
            if unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp") and character != "\t":
                self.fail(
                    f"the character U+{ord(character):04X} cannot be seen and has no place here: delete it",
                    place,
                )
            if character in _SPELLED:
                self.fail(f"{character!r} has no place in a typed line: {_SPELLED[character]}", place)
            if character in "'\"":
                self.fail("text in quotes has no place in an equation", place)
            if character in ";\\{}:&|^~?$`#":
                self.fail(f"{character!r} has no place in an equation", place)
            depth += (character in "([") - (character in ")]")
            run = run + 1 if character in "+-~ " else 0
            if depth > MAX_DEPTH or run > 2 * MAX_DEPTH:
                self.fail(f"nested more than {MAX_DEPTH} deep: {self._remedy}", place)

        for found in _NUMERAL.finditer(self.code):
            if not _DECIMAL.fullmatch(found[0]):
                self.fail(f"{found[0]!r} is neither a name nor a plain decimal number", found.start())

    def _unreadable(self, error: SyntaxError) -> tuple[str, int]:
        """What Python's parser could not read, in the words of this language, and where."""
        for opening, closing in ("()", "[]"):
            place = _unmatched(self.code, opening, closing)
            if place is not None:
                missing = closing if self.code[place] == opening else opening
                return f"the bracket {missing} that belongs to this one is missing", place
        for found in _WORD.finditer(self.code):
            if found[0] in _KEYWORDS:
                return f"{found[0]!r} is a word of Python's: choose another name", found.start()
        for found in _GAP.finditer(self.code):
            if not {found["left"], found["right"]} & {"and", "or", "not", "in", "is", "if", "else"}:
                return (
                    f"an operator or = is missing in front of {found['right']!r}: @ after a matrix, * for a product",
                    (found.start("right")),
                )
        # the parser counts from 1, and puts an end that comes too early at 0 or behind the line
        place = error.offset - 1 if error.offset else len(self.code)
        return f"this cannot be read: {self._form}", min(place, len(self.code))

    def number(self, node: ast.Constant) -> float:
        """A finite real number. Raises EquationError."""
        value = node.value
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            self.fail(f"{value!r} is not a number", node)
        try:
            number = float(value)
        except OverflowError:
            number = math.inf
        if not math.isfinite(number):
            self.fail("this number is too large", node)
        return number

    def whole(self, node: ast.expr) -> int | None:
        """A whole number, if the node is one."""
        if isinstance(node, ast.Constant) and isinstance(node.value, int) and not isinstance(node.value, bool):
            return node.value
        return None

    def name(self, node: ast.Name) -> str:
        """A name as typed; letters that Python would change are refused, so that names stay what they look."""
        start = self._place(node)
        typed = self.code[start : start + len(node.id)]
        if typed != node.id or not node.id.isidentifier():
            self.fail("a name may only hold letters, digits and _ that every font shows alike", node)
        if node.id.startswith("_"):
            self.fail(f"{node.id!r} begins with _: begin a name with a letter", node)
        return node.id


def _unmatched(code: str, opening: str, closing: str) -> int | None:
    """The place of the first bracket without its counterpart."""
    waiting: list[int] = []
    for place, character in enumerate(code):
        if character == opening:
            waiting.append(place)
        elif character == closing:
            if not waiting:
                return place
            waiting.pop()
    return waiting[0] if waiting else None


def _depth(tree: ast.AST) -> int:
    deepest = 0
    stack = [(tree, 0)]
    while stack:
        node, depth = stack.pop()
        deepest = max(deepest, depth)
        step = isinstance(node, (ast.expr, ast.stmt))
        stack += [(child, depth + step) for child in ast.iter_child_nodes(node)]
    return deepest
