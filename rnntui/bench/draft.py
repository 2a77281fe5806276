"""The text of a cell that is being written: what it says, or where it is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bptt.cell import Cell
from bptt.language import EquationError
from bptt.readouts import Readout

TEMPLATE = """\
# A cell is its equations, computed from top to bottom
# at every time t. This one runs: ctrl+enter, or F5.
keep[t] = sigmoid(A @ x[t] + B @ mem[t-1] + d)  # gate
new[t] = tanh(C @ x[t] + E @ mem[t-1])  # candidate
mem[t] = keep[t] * mem[t-1] + (1 - keep[t]) * new[t]

# x[t] is what the cell reads, mem[t-1] its own memory
# of one time earlier. Change anything: the backward
# equations follow while you type.
#   A @ x[t]  a matrix times a column; a name that is
#             new is a parameter, and is learned
#   a * b     unit by unit: a gate in 0 … 1, times
#             what it lets pass
#   + - * / **2, and sigmoid tanh relu softplus exp
#             log sqrt softmax, hold(k, …)
# A comment says what a line is: gate, candidate, …
# There is no loss: outputs, softmax, cross-entropy
# are added.
"""
"""What a new cell begins with: it runs as it stands."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a text, and where."""

    line: int
    """From 1."""
    column: int
    """From 1, in the line as typed."""
    reason: str
    typed: str
    """The line."""


@dataclass(frozen=True, eq=False, slots=True)
class Draft:
    """A text read: either a cell or faults."""

    text: str
    cell: Cell | None
    faults: tuple[Fault, ...] = ()
    """Everything that is wrong, from top to bottom."""

    @property
    def fault(self) -> Fault | None:
        """The first."""
        return self.faults[0] if self.faults else None

    def fault_at(self, line: int) -> Fault | None:
        """The one in a line, from 1; the first where that line has none."""
        return next((fault for fault in self.faults if fault.line == line), self.fault)


def read_draft(text: str, name: str, readout: Readout) -> Draft:
    """Read a text; one without a loss gets the `readout`."""
    try:
        return Draft(text, Cell.parse(text, name, readout))
    except EquationError as error:
        lines = text.split("\n")
        return Draft(text, None, tuple(_fault(each, lines) for each in (error, *error.also)))


def _fault(error: EquationError, lines: Sequence[str]) -> Fault:
    line = min(max(1, error.line), len(lines))
    return Fault(line, error.column, error.reason, lines[line - 1])


def text_of(cell: Cell) -> str:
    """The text of a cell as its author would write it: one layer, and no readout that was appended."""
    single = cell.single
    lines = single.source.rstrip("\n").split("\n")
    appended = [name for role, name in single.readout.items() if role in ("z", "p", "L")]
    return "\n".join(lines[: len(lines) - len(appended)]).strip("\n") + "\n"
