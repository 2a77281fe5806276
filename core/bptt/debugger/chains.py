"""How a gradient came to its size: the factors by which it shrank and grew on its way back from a loss."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

import numpy as np
from numpy.typing import NDArray

from bptt.debugger.causes import Reading, Spot
from bptt.debugger.reason import said
from bptt.debugger.reasons import check_spot, counts, end_of_pass, sent_back
from bptt.edited import MADE
from bptt.equation import Term
from bptt.expressions import Expression
from bptt.notation import TEXT, render
from bptt.run import Run

Array = NDArray[np.floating]
MOST_LINKS = 20_000
"""Equations that are followed; a longer road is cut short."""
_LONGEST_FACTOR = 24
"""Characters of a factor in a road."""


@dataclass(frozen=True, slots=True)
class Link:
    """One equation on the way back."""

    name: str
    """The variable whose gradient it makes."""
    t: int
    consumer: str
    """The variable whose gradient it reads: the one that sends most of ∇name."""
    consumer_t: int
    road: str
    """What the gradient goes through: `Wᵀ`, `tanh′`, `f`, more of them joined by ⊙; empty where it is only added."""
    norm: float
    """‖∇name[t]‖ over the units."""
    factor: float
    """‖∇name[t]‖ / ‖∇consumer‖; 1 where both are 0 or infinite."""
    product: float
    """Of the factors so far: ‖∇name[t]‖ / ‖∇L‖ at the loss where the chain begins."""


@dataclass(frozen=True, slots=True)
class TimeFactor:
    """All equations of one time together."""

    t: int
    factor: float
    product: float


@dataclass(frozen=True, slots=True)
class Culprit:
    """The equation that shrank a gradient most, or grew it most, over all times together."""

    name: str
    consumer: str
    road: str
    count: int
    """How often it is on the road."""
    product: float
    """Of its factors."""
    worst: Link
    """Where its factor is farthest from 1 in that direction."""

    def __str__(self) -> str:
        way = f"{self.road or 'the sum'} from ∇{self.consumer} to ∇{self.name}"
        if self.count == 1:
            return f"{way}, × {said(self.product)} at t={self.worst.t}"
        each = f" (× {said(self.product ** (1 / self.count))} each time)" if 0 < self.product < math.inf else ""
        most = f"most at t={self.worst.t} (× {said(self.worst.factor)})"
        return f"{way}, {self.count} times{each}, × {said(self.product)} in all, {most}"


@dataclass(frozen=True, eq=False)
class Chain:
    """The road by which most of a gradient came: from a loss back, each time to the reader that sends most."""

    name: str
    t: int
    sequence: int
    links: tuple[Link, ...]
    """From the loss on; empty where no loss reaches it."""
    loss_t: int | None
    """The time of the loss where the road begins; None where none does, or where it was cut short."""

    @cached_property
    def times(self) -> tuple[TimeFactor, ...]:
        """The factors time by time, going back."""
        found: list[TimeFactor] = []
        for link in self.links:
            if found and found[-1].t == link.t:
                found[-1] = TimeFactor(link.t, found[-1].factor * link.factor, link.product)
            else:
                found.append(TimeFactor(link.t, link.factor, link.product))
        return tuple(found)

    @cached_property
    def culprit(self) -> Culprit | None:
        """What shrank it most, where it is smaller than at the loss, else what grew it most."""
        groups: dict[tuple[str, str, str], list[Link]] = {}
        for link in self.links:
            groups.setdefault((link.name, link.consumer, link.road), []).append(link)
        if not groups:
            return None
        direction = -1 if self.links[-1].product < 1 else 1

        def weight(links: list[Link]) -> float:
            return direction * sum(_log(link.factor) for link in links)

        key, links = max(groups.items(), key=lambda item: weight(item[1]))
        worst = max(links, key=lambda link: round(direction * _log(link.factor), 9))
        return Culprit(*key, len(links), math.prod(link.factor for link in links), worst)

    @property
    def sentence(self) -> str:
        """The whole in one sentence, the largest culprit named."""
        subject = f"‖∇{self.name}[{self.t}]‖"
        if not self.links:
            return f"{subject} is {'where gradients begin' if self.loss_t else '0: no loss reaches it'}."
        last, culprit = self.links[-1], self.culprit
        start = f"the loss at t={self.loss_t}" if self.loss_t else "where the road was cut short"
        word = "shrank" if last.product < 1 else "grew"
        first, steps = self.times[0].product, len(self.times) - 1
        each = (last.product / first) ** (1 / steps) if steps > 1 and 0 < last.product < math.inf else 0.0
        rate = f", × {said(each)} a step back" if each else ""
        size = f"{subject} is {said(last.norm)}, × {said(last.product)} from {start}{rate}"
        return f"{size}: what {word} it most is {culprit}."


def chain(run: Run, name: str, t: int, component: int | None = None, sequence: int = 0) -> Chain:
    """Follow ∇name[t] to the loss it came from, in the finished run. `component`: follow what reaches that unit first;
    norms are of all units. Raises InputError for a name, time, component or sequence that the run does not have."""
    scalar = run.model.cell.dims.get(name) == "scalar"
    check_spot(run, Spot(name, t, () if scalar else (component or 0,), gradient=True), sequence)
    run.fill(len(run))
    position = end_of_pass(run, t)
    links: list[Link] = []
    here, now, unit = name, t, component
    while len(links) < MOST_LINKS:
        found = _strongest(run, here, now, unit, sequence, position)
        if found is None:
            break
        term, norm, source = found
        later = now + term.lag
        # where nothing is left, or all is infinite, nothing changes any more
        factor = 1.0 if norm == source else norm / source if source else math.inf
        links.append(Link(here, now, term.consumer, later, _road(term), norm, factor, 0.0))
        here, now, unit = term.consumer, later, None
    reached = here == run.model.cell.loss and counts(run, now, position)
    if not reached and len(links) < MOST_LINKS:
        return Chain(name, t, sequence, (), None)
    product = 1.0
    for place in reversed(range(len(links))):
        product *= links[place].factor
        links[place] = replace(links[place], product=product)
    return Chain(name, t, sequence, tuple(reversed(links)), now if reached else None)


def _strongest(
    run: Run, name: str, t: int, unit: int | None, sequence: int, position: int
) -> tuple[Term, float, float] | None:
    """(the term that is most of ∇name[t], ‖∇name[t]‖, ‖∇consumer‖); None at the end of the road."""
    _, terms = sent_back(run, name, t, position)
    reading = Reading(run, t, sequence, position)

    def size(term: Term) -> tuple[float, float]:
        value = reading.vector(term.expression)
        part = value if unit is None or len(value) == 1 else value[unit : unit + 1]
        # where all terms are 0, the road goes on to the reader that has a gradient
        return _norm(part), _norm(_sent(run, term, t, sequence, position))

    if not terms:
        return None
    best = max(terms, key=size)
    whole = run.input_gradient(t, position) if name == "x" else run.read(name, t, True, position)
    return best, _norm(whole[sequence]), _norm(_sent(run, best, t, sequence, position))


def _sent(run: Run, term: Term, t: int, sequence: int, position: int) -> Array:
    return np.asarray(run.read(term.consumer.removesuffix(MADE), t + term.lag, True, position)[sequence])


def _road(term: Term) -> str:
    """The steps of a term's path, from the sender on."""
    parts: list[str] = []
    for kind, what in term.path:
        match kind:
            case "matrix":
                parts.append(f"{what}ᵀ")
            case "function" | "loss":
                parts.append(f"{what}′")
            case "times":
                text = render(cast(Expression, what), TEXT)
                parts.append(text if len(text) <= _LONGEST_FACTOR else f"{text[: _LONGEST_FACTOR - 1]}…")
    return " ⊙ ".join(parts)


def _norm(vector: Array) -> float:
    with np.errstate(all="ignore"):
        found = float(np.linalg.norm(vector))
    return found if not math.isnan(found) else math.inf


def _log(factor: float) -> float:
    return math.log(factor) if 0 < factor < math.inf else (-math.inf if factor == 0 else math.inf)
