"""Calls with every view that they need made beforehand, run with nothing in between.

A loop over time is run as generated source: one line a call, over a tuple of views for each time. Measured beside a
list of prepared calls for every time, it is the only form that keeps up with a loop written by hand where T is large:
the tuples of such a list push the weights out of the cache (27.4 and 22.6 ms for an LSTM at T = 1000, H = 128).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.execution.writer import Clock, Each, Invocation

MANY = 100_000
"""Views that are kept; a longer loop makes them page by page each time that it is run."""
_PAGE = 256
"""Times of a page."""


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
        self._columns: dict[object, NDArray[Any]] = {}
        self._fixed: dict[str, Any] = {}
        self._kept: list[tuple[Any, ...]] | None = None

    @cached_property
    def source(self) -> str:
        """The loop as Python source. `steps` gives the views of each time, and whether each clock is on."""
        body = [self._line(call) for call in self._calls]
        columns = ", ".join(f"v{n}" for n in range(len(self._columns)))
        fixed = "".join(f", {name}={name}" for name in self._fixed)
        return "\n".join([f"def run(steps, masked{fixed}):", f"    for ({columns},) in steps:", *body, ""])

    def _line(self, call: Invocation) -> str:
        conditions = ["masked"] if call.masked else []
        for clock, on in call.when:
            conditions.append(
                ("" if on else "not ") + self._column(clock, self._clocks[clock].reshape(self._T, -1)[:, 0])
            )
        operands = ", ".join(
            self._column(_place(operand.array), operand.array)
            if isinstance(operand, Each)
            else self._name(operand, "c")
            for operand in call.operands
        )
        made = f"{self._name(call.function, getattr(call.function, '__name__', 'f').strip('_'))}({operands})"
        return " " * 8 + (f"if {' and '.join(conditions)}: {made}" if conditions else made)

    def _column(self, key: object, array: NDArray[Any]) -> str:
        """The variable that holds a row of this array at each time. Calls that share a view share the variable: the
        fewer views there are, the more of them stay in the cache."""
        self._columns.setdefault(key, array)
        return f"v{list(self._columns).index(key)}"

    def _name(self, thing: Any, stem: str) -> str:
        """The variable that holds the same thing at every time."""
        for name, known in self._fixed.items():
            if known is thing:
                return name
        name = stem if stem not in self._fixed else f"{stem}_{len(self._fixed)}"
        self._fixed[name] = thing
        return name

    @cached_property
    def _compiled(self) -> Callable[[Iterable[tuple[Any, ...]], bool], None]:
        space: dict[str, Any] = {"__builtins__": {}}
        source = self.source
        exec(source, space | self._fixed, space)  # noqa: S102  # our own lines, of names that are made here
        made: Callable[[Iterable[tuple[Any, ...]], bool], None] = space["run"]
        return made

    def forget(self) -> None:
        """The clocks have changed."""
        self._kept = None

    def run(self, masked: bool) -> None:
        """`masked`: whether a target is missing."""
        run = self._compiled
        if self._kept is not None:
            run(self._kept, masked)
        elif len(self._columns) * self._T <= MANY:
            self._kept = self._steps(0, self._T)
            run(self._kept, masked)
        else:
            for start in range(0, self._T, _PAGE):
                run(self._steps(start, min(self._T, start + _PAGE)), masked)

    def _steps(self, start: int, end: int) -> list[tuple[Any, ...]]:
        """The views of the start-th to the end-th time, in the order in which they are gone through."""
        times = slice(self._T - end, self._T - start) if self._backward else slice(start, end)
        steps = list(zip(*(array[times] for array in self._columns.values()), strict=True))
        return steps[::-1] if self._backward else steps


def _place(array: NDArray[Any]) -> object:
    """Equal for two views of the same numbers."""
    return array.__array_interface__["data"][0], array.shape, array.strides, array.dtype
