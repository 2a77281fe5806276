"""What recurs in a cell and what does not: which variables need a loop over time, and what comes before and after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Order:
    """Names in an order in which they can be computed."""

    before: tuple[str, ...]
    """For all times at once: they read nothing that recurs."""
    loop: tuple[str, ...]
    """Time after time."""
    after: tuple[str, ...]
    """For all times at once, when the loop is done."""


def order_of(reads: Mapping[str, Sequence[str]]) -> Order:
    """`reads`: name → the names that its right-hand side reads at any time, in an order that is right within one time.

    A name is in the loop where it depends on itself, or lies on a road from one that does to one that does."""
    known = list(reads)
    needs = {name: _closure(reads, name) for name in known}
    cyclic = {name for name in known if name in needs[name]}
    fed = {name for name in known if name in cyclic or needs[name] & cyclic}
    feeds = {name for name in known if name in cyclic or any(name in needs[other] for other in cyclic)}
    loop = fed & feeds
    return Order(
        _sorted([name for name in known if name not in fed], reads),
        tuple(name for name in known if name in loop),
        _sorted([name for name in known if name in fed - loop], reads),
    )


def _closure(reads: Mapping[str, Sequence[str]], name: str) -> set[str]:
    found: set[str] = set()
    frontier = list(reads[name])
    while frontier:
        other = frontier.pop()
        if other in reads and other not in found:
            found.add(other)
            frontier.extend(reads[other])
    return found


def _sorted(names: Sequence[str], reads: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Every name after those of them that it reads; among them no name reads itself."""
    placed: dict[str, None] = {}

    def place(name: str) -> None:
        if name not in placed:
            for other in reads[name]:
                if other in names:
                    place(other)
            placed[name] = None

    for name in names:
        place(name)
    return tuple(placed)
