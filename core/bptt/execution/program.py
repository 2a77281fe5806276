"""Calls with every view that they need made beforehand, run by a bare loop."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain, repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.execution.calls import Clock, Each, Invocation

Bound = tuple[Callable[..., Any], tuple[Any, ...]]
LONGEST = 200_000
"""Calls that are kept bound; a longer loop is bound page by page each time that it is run."""
_PAGE = 256
"""Times bound at once then."""


class Whole:
    """A stage whose calls are each for all times at once."""

    def __init__(self, calls: Iterable[Invocation]) -> None:
        calls = list(calls)
        self._all = [(call.function, call.operands) for call in calls]
        self._present = [(call.function, call.operands) for call in calls if not call.masked]

    def run(self, masked: bool) -> None:
        """`masked`: whether a target is missing."""
        for function, operands in self._all if masked else self._present:
            function(*operands)


class Loop:
    """A stage whose calls are made for one time after another."""

    def __init__(
        self, calls: Sequence[Invocation], T: int, clocks: dict[Clock, NDArray[np.bool_]], backward: bool
    ) -> None:
        """`clocks`: on at each time; `backward`: from T down to 1."""
        self._calls = calls
        self._T = T
        self._clocks = clocks
        self._backward = backward
        self._kept: dict[bool, list[Bound]] = {}

    def forget(self) -> None:
        """The clocks have changed."""
        self._kept.clear()

    def run(self, masked: bool) -> None:
        """`masked`: whether a target is missing."""
        if len(self._calls) * self._T > LONGEST:
            for start in range(0, self._T, _PAGE):
                _run(self._bound(start, min(self._T, start + _PAGE), masked))
            return
        kept = self._kept.get(masked)
        if kept is None:
            kept = self._kept[masked] = self._bound(0, self._T, masked)
        for function, operands in kept:
            function(*operands)

    def _bound(self, start: int, end: int, masked: bool) -> list[Bound]:
        """The calls of the start-th to the end-th time, in the order in which they are made."""
        times = slice(self._T - end, self._T - start) if self._backward else slice(start, end)
        calls = [call for call in self._calls if masked or not call.masked]
        columns = [list(zip(repeat(call.function), self._operands(call, times))) for call in calls]
        if not any(call.when for call in calls):
            return list(chain.from_iterable(zip(*columns, strict=True)))
        on = [self._made(call, times) for call in calls]
        return [
            column[place]
            for place in range(end - start)
            for column, made in zip(columns, on, strict=True)
            if made[place]
        ]

    def _turned(self, rows: Any) -> list[Any]:
        return list(rows)[::-1] if self._backward else list(rows)

    def _operands(self, call: Invocation, times: slice) -> Iterable[tuple[Any, ...]]:
        count = times.stop - times.start
        return zip(
            *(
                self._turned(operand.array[times]) if isinstance(operand, Each) else repeat(operand, count)
                for operand in call.operands
            ),
            strict=True,
        )

    def _made(self, call: Invocation, times: slice) -> list[bool]:
        made = np.ones(times.stop - times.start, bool)
        for clock, state in call.when:
            made &= self._clocks[clock][times].ravel() == state
        return self._turned(made.tolist())


def _run(calls: Iterable[Bound]) -> None:
    for function, operands in calls:
        function(*operands)
