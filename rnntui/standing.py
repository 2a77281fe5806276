"""How two runs stand against each other at one moment: how long a gradient is at each time in both, how much of it is
kept on the way back, and that in one sentence."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bptt.norms import lengths
from bptt.notation import SCREEN
from rnntui.explain.marks import HIDDEN, PENDING, Mark
from rnntui.explain.scales import scales_of
from rnntui.frame import Frame

Array = NDArray[np.floating]
_ABOUT_THE_SAME = 1.005


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a sentence."""

    text: str
    of: str = ""
    """A or B where it is a number of that side, = where it compares the two; else empty."""


@dataclass(frozen=True, eq=False)
class Side:
    """One of the runs, and the variable of whose gradient the length is compared."""

    letter: str
    """A or B."""
    frame: Frame
    state: str

    @property
    def gradient(self) -> str:
        """`∇h`."""
        return f"∇{SCREEN.called(self.state)}"

    @property
    def label(self) -> str:
        """`‖∇h‖`."""
        return f"‖{self.gradient}‖"

    @cached_property
    def norms(self) -> Array:
        """(T,): the Euclidean norm of the gradient at t = 1…T in the shown sequence, whether it may be seen or not."""
        frame = self.frame
        if frame.run.schedule.overlapping:
            return lengths(frame.run.times(self.state, True, frame.position)[:, frame.sequence])
        return scales_of(frame.run).norms(self.state)[:, frame.sequence]

    @cached_property
    def times(self) -> range:
        """The times at which the gradient is computed, in the pass at the cursor."""
        return range(*self.frame.computed(self.state, True))

    @cached_property
    def secrets(self) -> frozenset[int]:
        """The times at which a question hides it."""
        hidden = self.frame.hidden
        return frozenset(slot.t for slot in hidden if slot.gradient and slot.name == self.state)

    def norm(self, t: int) -> float | Mark:
        """The norm at a time, or why there is none to show."""
        if t in self.secrets:
            return HIDDEN
        return float(self.norms[t - 1]) if t in self.times else PENDING


@dataclass(frozen=True, eq=False)
class Standing:
    """Two sides at the same place."""

    a: Side
    b: Side

    @property
    def first(self) -> int:
        """The earliest time whose gradients are computed in both runs, where there is one."""
        return max(self.a.times.start, self.b.times.start)

    @property
    def end(self) -> int:
        """The time after the latest; not after `first` where nothing is computed."""
        return min(self.a.times.stop, self.b.times.stop)

    @cached_property
    def last(self) -> int | None:
        """The latest time at which there is a gradient in both, or a question hides it: what is kept is a part of that
        one. None where there is none."""
        for t in range(self.end - 1, self.first - 1, -1):
            if t in self.a.secrets | self.b.secrets or (self.a.norms[t - 1] != 0 and self.b.norms[t - 1] != 0):
                return t
        return None

    @cached_property
    def kept(self) -> tuple[float | Mark, float | Mark]:
        """What of the gradient at the last time is left at the first, in A and in B; NaN where it is not finite."""
        return self._kept(self.a), self._kept(self.b)

    def _kept(self, side: Side) -> float | Mark:
        if self.last is None:
            return PENDING
        if {self.first, self.last} & side.secrets:
            return HIDDEN
        with np.errstate(all="ignore"):
            return float(side.norms[self.first - 1] / side.norms[self.last - 1])

    @property
    def ratio(self) -> float | Mark:
        """How many times as much B keeps as A; infinite where A keeps nothing, NaN where neither does."""
        a, b = self.kept
        if isinstance(a, Mark) or isinstance(b, Mark):
            return HIDDEN if HIDDEN in (a, b) else PENDING
        return quotient(b, a)

    @property
    def sentence(self) -> str:
        """What is kept, as one plain sentence."""
        return "".join(piece.text for piece in self.pieces)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        """The sentence in parts."""
        if self.first >= self.end:
            return (Piece("The gradients come in the backward pass."),)
        a, b = self.kept
        if self.last is None:
            without = next((side for side in (self.a, self.b) if not self._has_any(side)), self.a)
            return (Piece(f"No gradient comes to {SCREEN.called(without.state)} in {without.letter} yet."),)
        if isinstance(a, Mark) or isinstance(b, Mark):
            return (Piece("How much is kept is hidden until you have predicted it."),)
        if self.first == self.last:
            return (Piece(f"The gradient begins at t={self.last}; each time further back shows what is kept of it."),)
        way = f"From t={self.last} to t={self.first} "
        kept = (*_verb(self.a, a), Piece(", "), *_verb(self.b, b))
        return (Piece(way), *kept, *_more(quotient(b, a)), Piece("."))

    def _has_any(self, side: Side) -> bool:
        return bool((side.norms[self.first - 1 : self.end - 1] != 0).any())

    def at(self, t: int) -> tuple[Piece, ...]:
        """The two norms at a time, in parts."""
        a, b = self.a.norm(t), self.b.norm(t)
        if isinstance(a, Mark) or isinstance(b, Mark):
            why = "hidden until you have predicted it" if HIDDEN in (a, b) else "not computed yet"
            return (Piece(f"At t={t}: {why}."),)
        pair = (Piece(f"{self.a.label} {few(a)}", "A"), Piece(" in A, "), Piece(f"{self.b.label} {few(b)}", "B"))
        return (Piece(f"At t={t}: "), *pair, Piece(" in B"), *_more(quotient(b, a), "longer", "shorter"), Piece("."))


def quotient(b: float, a: float) -> float:
    """b / a, also where a is zero."""
    with np.errstate(all="ignore"):
        return float(np.float64(b) / np.float64(a))


def few(value: float) -> str:
    """A length in two or three digits: `0.31`, `7.8e-04`, `1.2e+05`."""
    if math.isnan(value):
        return "NaN"
    if value == 0 or math.isinf(value):
        return "0" if value == 0 else "inf"
    return f"{value:.1e}" if not 9.5e-4 <= value < 9995 else f"{value:.2g}" if value < 99.5 else f"{value:.0f}"


def many(times: float) -> str:
    """How many times: `400,979`, `12`, `1.4`, `0.031`, `4.0e+11`."""
    if not 1e-3 <= times < 1e9:
        return f"{times:.1e}"
    return f"{times:,.0f}" if times >= 9.95 else f"{times:.1f}" if times >= 0.995 else f"{times:.2g}"


def _verb(side: Side, kept: float) -> tuple[Piece, ...]:
    letter, what = side.letter, side.gradient
    if math.isnan(kept) or math.isinf(kept):
        return (Piece(f"{what} in {letter} is "), Piece("not a number" if math.isnan(kept) else "infinite", letter))
    if kept > 1:
        return Piece(f"{letter} makes {what} "), Piece(f"{many(kept)}×", letter), Piece(" as large")
    return Piece(f"{letter} keeps "), Piece("nothing" if kept == 0 else few(kept), letter), Piece(f" of {what}")


def _more(times: float, more: str = "more", less: str = "less") -> tuple[Piece, ...]:
    """B against A."""
    if not math.isfinite(times) or times == 0:
        return ()
    size = max(times, 1 / times)
    if size < _ABOUT_THE_SAME:
        return (Piece(" = the same", "="),)
    return (Piece(f" = {many(size)}× {more if times > 1 else less}", "="),)
