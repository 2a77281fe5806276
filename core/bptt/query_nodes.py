"""The nodes of a query: what watches, breakpoints and lessons ask of a run.

Times are absolute here, unlike those of an equation, and a node stands for a plain number, a truth value, a vector
(unit,) or a matrix, of one sequence.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Time:
    """A time as written: `t` cursor's times + `T` lengths + `offset`."""

    t: int = 0
    T: int = 0
    offset: int = 0

    def at(self, t: int, T: int) -> int:
        """The time itself, with the cursor at t in a run of T times."""
        return self.t * t + self.T * T + self.offset


@dataclass(frozen=True, slots=True)
class Constant:
    """A number."""

    value: float


@dataclass(frozen=True, slots=True)
class Clock:
    """`t`, the cursor's time, or `T`, the number of times."""

    name: str


@dataclass(frozen=True, slots=True)
class TotalLoss:
    """`loss`: the loss of the whole run."""


@dataclass(frozen=True, slots=True)
class Target:
    """`y[3]`: a class number, or a row of values."""

    time: Time


@dataclass(frozen=True, slots=True)
class Reference:
    """A variable at a time, a parameter, or the gradient of one."""

    name: str
    time: Time | None = None
    """None for a parameter."""
    gradient: bool = False
    of: Time | None = None
    """The gradient of the loss at this time alone; None for that of the total loss."""


@dataclass(frozen=True, slots=True)
class Component:
    """One entry of a vector, or one row of a matrix, counted from 0."""

    part: Node
    index: Node
    text: str
    """The part as written, for errors; so in the nodes below."""


@dataclass(frozen=True, slots=True)
class Operation:
    """Arithmetic: + − * / ** and @; − of one operand too."""

    operator: str
    operands: tuple[Node, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Application:
    """A function of the language, or one that only queries have."""

    function: str
    arguments: tuple[Node, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """`a < b <= c`: single numbers compared, one operator between each two."""

    operators: tuple[str, ...]
    operands: tuple[Node, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Logic:
    """`and`, `or`, `not` of conditions."""

    operator: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Transposed:
    """`W.T`."""

    part: Node
    text: str


@dataclass(frozen=True, slots=True)
class Sweep:
    """A query at every time: `over` gives a vector of numbers, `share` the share of times at which a condition holds;
    `all` asks every sequence of the batch, and gives their answers as rows."""

    kind: str
    part: Node
    text: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A query to another run: a case's, or the same model's after so many training iterations."""

    case: str
    """Empty for the same model."""
    iterations: int | None
    """None: those that the run shown there has behind it; −1: all of them."""
    part: Node
    text: str


@dataclass(frozen=True, slots=True)
class Series:
    """`record(loss)`: a number of each training iteration."""

    name: str
    """loss, rate, norm, holdout, accuracy, or a parameter or state."""
    gradient: bool
    time: Time | None
    text: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """`recorded(remedies.rnn.solved)`: a number of a file of recorded results."""

    path: tuple[str | int, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Fact:
    """A number about the whole run: accuracy, parameters, operations, seconds."""

    name: str


@dataclass(frozen=True, slots=True)
class Wiring:
    """How a run is put together, whatever its numbers: `step(h[3])`, which step computes a variable or gradient, as #60
    counts them; `reads(h[3])`, at how many places of the equations it is read."""

    kind: str
    part: Reference
    text: str


Node = (
    Constant
    | Clock
    | TotalLoss
    | Target
    | Reference
    | Component
    | Operation
    | Application
    | Comparison
    | Logic
    | Transposed
    | Sweep
    | Elsewhere
    | Series
    | Recorded
    | Fact
    | Wiring
)  # fmt: skip

CONDITIONS = frozenset({"isnan", "isfinite"})
"""Functions that are true or false."""


def parts(node: Node) -> tuple[Node, ...]:
    """The direct parts of a node, in reading order."""
    match node:
        case Component(part, index):
            return part, index
        case Operation(operands=found) | Comparison(operands=found) | Logic(operands=found):
            return found
        case Application(arguments=found):
            return found
        case Transposed(part=part) | Sweep(part=part):
            return (part,)
        case Elsewhere(case="", part=part):
            return (part,)  # the same model, and so perhaps the same numbers: what hides one hides the other
    return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything under it, the node first."""
    yield node
    for part in parts(node):
        yield from walk(part)


def is_condition(node: Node) -> bool:
    """Whether a node is true or false, and not a number."""
    match node:
        case Comparison() | Logic():
            return True
        case Application("total", (argument,)) | Elsewhere(part=argument):
            return is_condition(argument)
        case Application(function):
            return function in CONDITIONS
    return False
