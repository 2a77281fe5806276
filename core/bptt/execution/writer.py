"""Where calls are written down: a call is a function and its operands, the array of its result among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.execution.storage import Storage

Array = NDArray[np.floating]
Clock = tuple[int, int]
"""(every, lag) of a Tick."""


@dataclass(frozen=True, slots=True)
class Each:
    """An operand of a loop that is another one at each time: the array's first axis is time."""

    array: NDArray[Any]


@dataclass(frozen=True, slots=True)
class Invocation:
    """A function and its operands, the result's array among them."""

    function: Callable[..., Any]
    operands: tuple[Any, ...]
    masked: bool = False
    """Whether it is needed only where a target is missing."""
    when: tuple[tuple[Clock, bool], ...] = ()
    """In a loop: the clocks that must be on, or off, for it to be made."""


@dataclass(frozen=True)
class Given:
    """Arrays that are loaded with a batch."""

    absent: Array
    """(T, B, 1) bool, where there is no target; without the batch axis where B is 1."""
    picked: NDArray[np.intp]
    """(T, B): the class of each target, 0 where there is none."""
    places: NDArray[np.intp]
    """(T · B,): where that is in an array (T, B, K) laid flat."""
    clocks: dict[Clock, NDArray[np.bool_]]
    """(T, 1) or (T, 1, 1): on at each time."""


class Writer:
    """Notes the calls of one stage, and lends the arrays that they need in between."""

    def __init__(self, storage: Storage, each: bool) -> None:
        """`each`: for one time after another, else for all times at once."""
        self.storage = storage
        self.each = each
        self.made: list[Invocation] = []
        self.when: tuple[tuple[Clock, bool], ...] = ()
        """The condition of the calls that are noted now."""
        self._spare: dict[int, list[Array]] = {}
        self._lent: dict[int, Array] = {}

    def call(self, function: Callable[..., Any], *operands: Any, masked: bool = False) -> None:
        """Note a call."""
        self.made.append(Invocation(function, operands, masked, self.when))

    def view(self, names: Sequence[str], lag: int = 0) -> Any:
        """The operand that these series are, side by side."""
        return self.operand(self.storage.view(names, lag))

    def operand(self, array: NDArray[Any]) -> Any:
        """An array whose first axis is time, as an operand."""
        return Each(array) if self.each else array

    @property
    def shape(self) -> tuple[int, ...]:
        """Of an array in between, without its units."""
        batch = () if self.storage.B == 1 else (self.storage.B,)
        return batch if self.each else (self.storage.T, *batch)

    def space(self, units: int) -> Array:
        """An array for a result in between; `done` takes it back."""
        spare = self._spare.get(units)
        array = spare.pop() if spare else np.empty((*self.shape, units), self.storage.dtype)
        self._lent[id(array)] = array
        return array

    def done(self, *operands: Any) -> None:
        """Let arrays in between be used again; other operands stay as they are."""
        for operand in operands:
            if self._lent.pop(id(operand), None) is not None:
                self._spare.setdefault(operand.shape[-1], []).append(operand)

    def is_lent(self, operand: Any) -> bool:
        """Whether an operand is an array in between."""
        return id(operand) in self._lent
