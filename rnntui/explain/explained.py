"""One equation at one time, taken apart into terms with a name and a colour: what every picture of it starts from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bptt.equation import Kind
from bptt.expressions import Expression

Colour = Literal["forward", "backward", "input", "loss", "muted", "violet"]
"""Where a term comes from, as the name of a hue."""


@dataclass(frozen=True, slots=True)
class NamedTerm:
    """One summand, or a group of summands of one sort."""

    name: str
    """In words: `from the future`."""
    short: str
    """In one or two words: `future`."""
    expressions: tuple[Expression, ...]
    """One, or those of a group, whose sum is the term."""
    colour: Colour


@dataclass(frozen=True, slots=True)
class Explained:
    """An equation in one of its forms, at one time."""

    target: str
    """The variable; in a backward equation, the variable or parameter whose gradient it is."""
    kind: Kind
    t: int
    function: str
    """The function around the whole right side; empty where there is none."""
    terms: tuple[NamedTerm, ...]
    """The summands of the right side, or of the function's argument."""
    inlined: bool
    """Whether ∇ of a function's argument is replaced by its own line."""
