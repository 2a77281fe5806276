"""One equation of a cell: an author's forward line, or a backward line that the derivation wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bptt.expressions import Expression, Grad, Loss, Param, Var, walk
from bptt.slopes import spell_out

Kind = Literal["forward", "gradient", "parameter", "cut"]


@dataclass(frozen=True, slots=True)
class Term:
    """One summand of a backward equation, and the road by which it came."""

    expression: Expression
    consumer: str
    """The variable whose equation read the target, and so sends this term back."""
    lag: int
    """The consumer read the target `lag` steps earlier: the term exists where t + lag ≤ T."""
    path: tuple[tuple[str, object], ...]
    """From the consumer's root down to the target: ("matrix", name), ("function", name),
    ("times", the other factors), ("loss", name)."""


@dataclass(frozen=True, slots=True)
class Equation:
    """`target[t] = expression`; for kind "parameter", `∇target += expression` at each t; for kind "cut" only a text."""

    target: str
    """The variable computed; in the backward kinds, the variable or parameter whose gradient is computed."""
    expression: Expression
    kind: Kind = "forward"
    comment: str = ""
    text: str = ""
    """The line itself, without its comment."""
    line: int = 0
    """Its line in the author's text, counted from 1; 0 for what the author did not write."""
    terms: tuple[Term, ...] = ()
    """The summands of a backward equation, in order; empty for a forward one."""
    expanded: Expression | None = None
    """The same gradient with each ∇ of a function's argument replaced by its own line; None where nothing is."""
    overwrites: bool = False
    """Whether a parameter's line says = and not +=: only in a faulty backward pass."""
    stepped: str = ""
    """The line of a backward equation as a step computes it; `text` is the expanded one where that is short."""

    def __str__(self) -> str:
        return self.text

    @property
    def reads(self) -> tuple[str, ...]:
        """What the right-hand side reads, each once, in reading order: `h[t-1]`, `∇a[t+1]`, `W`, `y[t]`.

        A slope reads what it is written with: 1 − h² reads h, and not its argument."""
        seen: dict[str, None] = {}
        for node in walk(spell_out(self.expression)):
            match node:
                case Var(name, lag):
                    seen[f"{name}[{_time(lag)}]"] = None
                case Grad(name, lag):
                    seen[f"∇{name}[{_time(lag)}]"] = None
                case Param(name):
                    seen[name] = None
                case Loss(lag=lag):
                    seen[f"y[{_time(lag)}]"] = None
        return tuple(seen)


def _time(lag: int) -> str:
    return "t" if lag == 0 else f"t-{lag}" if lag > 0 else f"t+{-lag}"
