"""What-if edits: a component of a run made a constant, as data and as it acts on a run; `edit_text` reads them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bptt.arrays import locked
from bptt.cell import Cell
from bptt.errors import InputError, near, quoted
from bptt.model import Model

Array = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Edit:
    """One component, row or whole array made a constant.

    A variable's is constant from its equation on: its own gradient is kept, and nothing of it reaches what the equation
    reads. A parameter's holds for the whole run."""

    name: str
    """A variable, a named argument, a state's initial rows, x, or a parameter."""
    value: float
    times: tuple[int, int] | None = None
    """First and last time, both included; None for a parameter, and for a variable at all of 1…T."""
    index: tuple[int, ...] = ()
    """A unit, a matrix's row, or its row and column, from 0; empty for the whole."""
    sequence: int | None = None
    """Which sequence of the batch, from 0; None for all. A parameter has none."""

    def __str__(self) -> str:
        components = "".join(f"[{place}]" for place in self.index)
        which = "" if self.sequence is None else f" in sequence {self.sequence}"
        return f"{self.name}{self._when()}{components} = {self.value:.12g}{which}"

    def _when(self) -> str:
        if self.times is None:
            return ""
        first, last = self.times
        return f"[{first}]" if first == last else f"[{first}..{last}]"

    def written(self, cell: Cell) -> str:
        """The text that `parse_edit` reads back, of an edit of all sequences: a variable always with its times."""
        always = self.times is None and self.name not in cell.parameters
        return f"{self.name}[t]{str(self).removeprefix(self.name)}" if always else str(self)


def check_name(name: str, cell: Cell) -> None:
    """Raise InputError where a cell has nothing of a name that can be edited."""
    if name not in cell.definitions and name not in ("x", *cell.parameters):
        known = (*cell.definitions, "x", *cell.parameters)
        raise InputError(f"{cell.name} has no variable or parameter {quoted(name)}; {near(name, known)}", "edit")


def check_edit(edit: Edit, model: Model, T: int, B: int) -> None:
    """Raise InputError where a run of T times and B sequences has no such component, or the value is not finite."""
    cell = model.cell
    check_name(edit.name, cell)
    if not math.isfinite(model.dtype.type(edit.value)):
        raise InputError(f"got {edit.value:g}, expected a finite number of {model.dtype.name}", f"edit of {edit.name}")
    if edit.name in cell.parameters:
        if edit.times is not None or edit.sequence is not None:
            raise InputError(f"{edit.name} is a parameter: an edit of it holds at every time", "edit")
        shape = model.parameters[edit.name].shape
    else:
        shape = (model.inputs if edit.name == "x" else model.size(cell.dims[edit.name]),)
        _check_times(edit, cell, T)
        if edit.sequence is not None and not 0 <= edit.sequence < B:
            raise InputError(f"sequence {edit.sequence} does not exist: there are 0…{B - 1}", f"edit of {edit.name}")
    if len(edit.index) > len(shape) or any(not 0 <= n < size for n, size in zip(edit.index, shape, strict=False)):
        has = " × ".join(map(str, shape))
        raise InputError(f"{edit} does not exist: {edit.name} has {has} components, counted from 0", "edit")


def _check_times(edit: Edit, cell: Cell, T: int) -> None:
    earliest = 1 - cell.lags.get(edit.name, 0)
    first, last = edit.times or (1, T)
    if not earliest <= first <= last <= T:
        raise InputError(f"{edit} does not exist: this run has {edit.name}[{earliest}] … {edit.name}[{T}]", "edit")


def edited_model(model: Model, edits: Iterable[Edit]) -> Model:
    """The model with the edits of its parameters made; itself where there are none."""
    changed: dict[str, Array] = {}
    for edit in edits:
        if edit.name in model.parameters:
            array = changed.setdefault(edit.name, model.parameters[edit.name].copy())
            array[edit.index] = edit.value
    return model.replaced(changed) if changed else model


def variable_edits(edits: Iterable[Edit], model: Model) -> tuple[Edit, ...]:
    """The edits that are not of parameters."""
    return tuple(edit for edit in edits if edit.name not in model.parameters)


def edited_rows(rows: Array, name: str, first: int, edits: Iterable[Edit], T: int) -> Array:
    """(times, B, unit) of x or of a state's initial rows, the first of them time `first`, with the edits made; itself
    where none touches it."""
    last = first + len(rows) - 1
    changed = rows
    for edit in edits:
        start, end = edit.times or (1, T)
        if edit.name == name and start <= last and end >= first:
            changed = rows.copy() if changed is rows else changed
            part = changed[max(start, first) - first : min(end, last) - first + 1]
            part[(slice(None), _sequences(edit), *edit.index)] = edit.value
    return changed if changed is rows else locked(changed)


def _sequences(edit: Edit) -> int | slice:
    return slice(None) if edit.sequence is None else edit.sequence


class Constants:
    """Which components of which variables are constants, and at which times."""

    def __init__(self, edits: Sequence[Edit], cell: Cell, T: int, sequence: int | None = None) -> None:
        """`sequence`: the only one there is, where a batch is taken apart."""
        if sequence is not None:
            edits = [replace(e, sequence=None) for e in edits if e.sequence in (None, sequence)]
        self._edits: Mapping[str, tuple[Edit, ...]] = {
            name: found for name in cell.definitions if (found := tuple(e for e in edits if e.name == name))
        }
        self._T = T
        self._longest = max(cell.lags.values(), default=0)

    def __iter__(self) -> Iterator[str]:
        return iter(self._edits)

    def __len__(self) -> int:
        return len(self._edits)

    def __contains__(self, name: object) -> bool:
        return name in self._edits

    def free(self, t: int, ahead: int) -> int:
        """How many times from t on, going forward, no edit holds; going back where `ahead` is −1."""
        spans = [edit.times or (1, self._T) for edits in self._edits.values() for edit in edits]
        if ahead > 0:
            return max(0, min((max(first, t) for first, last in spans if last >= t), default=self._T + 1) - t)
        return max(0, t - max((min(last, t) for first, last in spans if first <= t), default=0))

    def bare(self, t: int, backward: bool) -> int:
        """How many times from t on, forwards or backwards, are as the bare equations make them: no component is a
        constant there, nor, going back, where a gradient comes from."""
        if not self:
            return self._T
        if not backward:
            return self.free(t, 1)
        return min(self.free(t, -1), self._T if self.free(t, 1) > self._longest else 0)

    def at(self, name: str, t: int) -> list[Edit]:
        """The edits that hold for a variable at time t ≥ 1, in the order in which they were made."""
        return [e for e in self._edits.get(name, ()) if (e.times or (1, 1))[0] <= t <= (e.times or (1, self._T))[1]]

    def made(self, name: str, t: int, value: Array) -> Array:
        """A copy of (B, unit) with the constants of time t put in."""
        return _filled(value, [(edit, edit.value) for edit in self.at(name, t)])

    def passed(self, name: str, t: int, gradient: Array) -> Array:
        """A copy of (…, B, unit) with 0 where nothing is passed to what the equation reads."""
        return _filled(gradient, [(edit, 0.0) for edit in self.at(name, t)])


def _filled(array: Array, places: Iterable[tuple[Edit, float]]) -> Array:
    filled = array.copy()
    for edit, value in places:
        filled[(..., _sequences(edit), edit.index[0] if edit.index else slice(None))] = value
    return filled
