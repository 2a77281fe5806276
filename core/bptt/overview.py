"""What is kept of all times of a run with checkpoints: every loss, the norm of every gradient, and for each half of a
segment the largest, the smallest and the mean value of every unit. Norms, extremes and means are kept in single
precision: they are for the eye."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from bptt.cell import Cell
from bptt.expressions import Outer, Var, walk
from bptt.norms import lengths
from bptt.pages import Page
from bptt.schedule import Schedule
from bptt.segments import Segments

Array = NDArray[np.floating]
Key = TypeVar("Key")
Read = Callable[[int, int], Array]
"""(first, last time) → (times, unit)."""


class Overview:
    """Takes pages as they are recorded. What is not recorded yet counts as 0."""

    def __init__(
        self, schedule: Schedule, cell: Cell, segments: Segments, B: int, dtype: np.dtype[np.floating]
    ) -> None:
        self._written = schedule.written
        self._cell = cell
        self._T, self._B = T, B = schedule.T, B
        halves = [(s.lo, (s.lo + s.hi + 1) // 2) for s in segments.within(1, T)]
        self.starts: NDArray[np.intp] = np.unique([t for pair in halves for t in pair])
        """The times at which what is kept as one stretch begins."""
        self.begins: tuple[int, ...] = tuple(self.starts.tolist())
        """The same as plain numbers."""
        self._ends = np.append(self.starts[1:], T + 1)
        self.losses: Array = np.zeros((T, B, 1), dtype)
        self._norms: dict[tuple[str, bool], Array] = {}
        self._lows: dict[tuple[str, bool], Array] = {}
        self._highs: dict[tuple[str, bool], Array] = {}
        self._means: dict[str, Array] = {}
        self._largest: dict[tuple[str, bool], float] = {}
        self._bad: dict[tuple[str, bool], int] = {}
        self._gradients = frozenset(e.target for e in cell.backward if e.kind == "gradient")
        outers = [node for terms in cell.parameter_terms.values() for term in terms for node in walk(term.expression)]
        rights = {node.right.name for node in outers if isinstance(node, Outer) and isinstance(node.right, Var)}
        self._measured = rights
        """The variables whose values' norms are kept: by these the terms of a parameter's gradient are as large as
        what they are multiplied by."""

    # -- what is taken

    def take_values(self, page: Page) -> None:
        """The values of a page are there."""
        lo, hi = page.segment.lo, page.segment.hi
        self.losses[lo - 1 : hi] = page.rows(self._cell.loss, lo, hi)
        with np.errstate(all="ignore"):
            for name in (*self._cell.definitions, "x"):
                rows = page.rows(name, lo, hi)
                if name in self._measured:
                    self._take_norms((name, False), lo, rows)
                if name != "x":
                    self._take(name, False, lo, rows)

    def take_gradients(self, page: Page) -> None:
        """The gradients of a page are there."""
        lo, hi = page.segment.lo, page.segment.hi
        with np.errstate(all="ignore"):
            for name in self._gradients:
                rows = page.rows(name, lo, hi, True)
                self._take(name, True, lo, rows)
                self._take_norms((name, True), lo, rows)

    def _take(self, name: str, gradient: bool, lo: int, rows: Array) -> None:
        key, hi = (name, gradient), lo + len(rows) - 1
        finite = np.isfinite(rows)
        if not finite.all():
            bad = np.flatnonzero(~finite.all(axis=(1, 2))) + lo
            made = [self._written(name, int(t), gradient) for t in bad]
            self._bad[key] = min([*made, self._bad.get(key, made[0])])
        largest = float(np.abs(rows).max(initial=0, where=finite))
        self._largest[key] = max(self._largest.get(key, 0.0), largest)
        if name not in self._cell.arguments:
            grains, starts = self._grains(lo, hi)
            for kept, reduce in ((self._lows, np.minimum), (self._highs, np.maximum)):
                self._kept(kept, key, rows)[grains] = _single(reduce.reduceat(rows, starts))
            if not gradient:
                counts = np.diff(np.append(starts, len(rows)))[:, None, None]
                self._kept(self._means, name, rows)[grains] = _single(np.add.reduceat(rows, starts) / counts)

    def _take_norms(self, key: tuple[str, bool], lo: int, rows: Array) -> None:
        if key not in self._norms:
            self._norms[key] = np.zeros((self._T, self._B), np.float32)
        self._norms[key][lo - 1 : lo - 1 + len(rows)] = _single(lengths(rows))

    def _kept(self, kept: dict[Key, Array], key: Key, rows: Array) -> Array:
        if key not in kept:
            kept[key] = np.zeros((len(self.starts), *rows.shape[1:]), np.float32)
        return kept[key]

    def _grains(self, lo: int, hi: int) -> tuple[slice, NDArray[np.intp]]:
        """(the stretches of times lo…hi, the row from lo on where each begins)."""
        first, end = np.searchsorted(self.starts, (lo, hi + 1))
        return slice(int(first), int(end)), self.starts[first:end] - lo

    # -- what is known

    def norms(self, name: str, gradient: bool = True) -> Array:
        """(T, B): the Euclidean norm at t = 1…T of a gradient, or of the value of what stands on the right of an outer
        product in a parameter's gradient."""
        found = self._norms.get((name, gradient))
        return np.zeros((self._T, self._B), np.float32) if found is None else found

    def largest(self, name: str, gradient: bool = False) -> float:
        """The largest finite magnitude of a variable or its gradient; 0 where there is none."""
        return self._largest.get((name, gradient), 0.0)

    def first_nonfinite(self, name: str, gradient: bool = False) -> int | None:
        """The index of the first step that made a value of a variable, or its gradient, that is not finite."""
        return self._bad.get((name, gradient))

    def extremes(
        self, name: str, gradient: bool, edges: Sequence[int], sequence: int, read: Read
    ) -> tuple[Array, Array]:
        """(smallest, largest), (n, unit) each, of one sequence between n + 1 rising edges: times edges[i] ≤ t <
        edges[i + 1]. `read` is asked for the times of parts of a stretch."""
        key = name, gradient
        low = self._reduced(self._lows.get(key), np.minimum, edges, sequence, read)
        return low, self._reduced(self._highs.get(key), np.maximum, edges, sequence, read)

    def means(self, name: str, edges: Sequence[int], sequence: int, read: Read) -> Array:
        """(n, unit): the same of the means of values; stretches count by their lengths."""
        kept = self._means.get(name)
        summed = None if kept is None else kept * (self._ends - self.starts)[:, None, None]
        counts = np.diff(np.asarray(edges))[:, None]
        with np.errstate(all="ignore"):
            return np.asarray(self._reduced(summed, np.add, edges, sequence, read) / counts)

    def _reduced(self, kept: Array | None, reduce: np.ufunc, edges: Sequence[int], sequence: int, read: Read) -> Array:
        """(n, unit): `kept`, a row a stretch, reduced between the edges."""
        found = []
        for a, b in pairwise(edges):
            # the stretches first ≤ n < end lie wholly between the edges
            first, end = int(np.searchsorted(self.starts, a)), int(np.searchsorted(self._ends, b, "right"))
            if kept is None or end <= first:
                found.append(reduce.reduce(read(a, b - 1), axis=0))
                continue
            parts = [reduce.reduce(kept[first:end, sequence], axis=0)]
            for lo, hi in ((a, int(self.starts[first]) - 1), (int(self._ends[end - 1]), b - 1)):
                if lo <= hi:
                    parts.append(reduce.reduce(read(lo, hi), axis=0))
            found.append(reduce.reduce(parts, axis=0))
        return np.array(found)


def _single(values: Array) -> Array:
    """In single precision, what is finite staying so."""
    limits = np.finfo(np.float32)
    finite = np.isfinite(values)
    return np.where(finite, np.clip(values, limits.min, limits.max), values).astype(np.float32)
