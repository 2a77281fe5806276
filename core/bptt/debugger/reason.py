"""The answer to why a value is so: the terms of a component, as data and in words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from bptt.debugger.causes import Cause, Spot
from bptt.numerals import number
from bptt.run import Run

_MOST_TERMS = 8
"""Of a component, that are written as lines."""


@dataclass(frozen=True, slots=True)
class ReasonTerm:
    """One summand of a component."""

    text: str
    """With its times: `W @ h[2]`."""
    value: float
    share: float
    """|value| / Σ |values| of all terms; 0 where all are 0, NaN where they are not finite."""
    causes: tuple[Cause, ...]
    """What it was made of, the largest first."""


@dataclass(frozen=True, eq=False)
class Reason:
    """Why one component has its value. Its causes have reasons of their own, made when they are asked for."""

    run: Run
    spot: Spot
    sequence: int
    value: float
    step: int | None
    """The index of the step that made it; None for what was given: inputs, parameters, initial states."""
    line: str
    """The equation with its times; what it is, where no equation made it."""
    function: str
    """The function that the terms went through, empty where they were only added."""
    argument: float
    """The sum of the terms: what the function was applied to."""
    terms: tuple[ReasonTerm, ...]
    """In the order of the equation; empty for what was given or set by an edit."""

    def of(self, cause: Cause) -> Reason:
        """Why a cause is so."""
        from bptt.debugger.reasons import why

        return why(self.run, cause.spot.name, cause.spot.t, cause.spot.component, cause.spot.gradient, self.sequence)

    @cached_property
    def largest(self) -> ReasonTerm | None:
        """The term of the greatest size; None where there is none."""
        return max(self.terms, key=lambda term: size(term.value), default=None)

    @property
    def sentence(self) -> str:
        """What made it, in one sentence with the numbers."""
        top = self.largest
        if top is None or not any(term.causes for term in self.terms):
            return f"{self.spot} is {said(self.value)}: {self.line}."
        through = f": {self.function} of {said(self.argument)}" if self.function else ""
        share = f" = {said(top.value)} ({top.share:.0%} of all sizes)" if len(self.terms) > 1 else ""
        made = f", most of it {top.text}{share}" if len(self.terms) > 1 else f" = {top.text}"
        first = top.causes[:1] if top.causes and top.causes[0].weight is not None else top.causes[:3]
        read = " and ".join(_cause(cause) for cause in first)
        alone = len(top.causes) == 1 and top.causes[0].weight is None and top.causes[0].value == top.value
        return f"{self.spot} is {said(self.value)}{through}{made}" + (f", with {read}." if read and not alone else ".")

    def lines(self, depth: int = 1, most: int = 3) -> list[str]:
        """The tree as text, `depth` levels of causes deep, of each term the `most` largest."""
        return list(_drawn(self, depth, most, "", {self.spot}))


def size(value: float) -> float:
    """|value|; what is not finite is the largest."""
    return abs(value) if math.isfinite(value) else math.inf


def said(value: float) -> str:
    """A number in a sentence."""
    return number(value, 3, minus="−")


def _cause(cause: Cause) -> str:
    if cause.weight is not None:
        return f"{cause.weight} · {cause.spot} = {said(cause.by)} · {said(cause.value)}"
    return f"{cause.spot} = {said(cause.value)}"


def _drawn(reason: Reason, depth: int, most: int, indent: str, seen: set[Spot]) -> Iterator[str]:
    yield f"{indent}{reason.spot} = {said(reason.value)}    {reason.line}"
    for term in reason.terms[:_MOST_TERMS]:
        share = f"  {term.share:.0%}" if math.isfinite(term.share) else ""
        yield f"{indent}  {said(term.value)}{share}  {term.text}"
        for cause in term.causes[:most]:
            yield f"{indent}    {said(cause.product)}  {_cause(cause)}"
            if depth > 1 and cause.spot not in seen:
                seen.add(cause.spot)
                yield from _drawn(reason.of(cause), depth - 1, most, f"{indent}      ", seen)
    left = len(reason.terms) - _MOST_TERMS
    if left > 0:
        yield f"{indent}  … and {left} more terms"
