"""What is kept of a run whose tape would be too large: before each segment of times the states, after it what its
gradients read. Any segment is computed again from these when it is looked at.

Chen et al. 2016, "Training deep nets with sublinear memory cost": with about √T segments of about √T times, what is
kept and what is computed again are alike in size.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import RLock

import numpy as np
from numpy.typing import NDArray

from bptt.overview import Overview
from bptt.pages import Page, Reach, Writer
from bptt.segments import Segment, Segments
from bptt.targets import Rows

Array = NDArray[np.floating]
_BYTES = 3 << 22
"""Of pages that are held."""
_FEWEST, _MOST = 3, 64


class Checkpoints:
    """Records a run segment by segment, in the order of its steps, and gives the segments that were recorded. Safe for
    several threads."""

    def __init__(
        self,
        segments: Segments,
        writer: Writer,
        overview: Overview,
        sizes: Mapping[str, int],
        reach: Reach,
        initial: Mapping[str, Array],
        x: Rows,
        loss: str,
    ) -> None:
        """`sizes`: variable, x too → units; `initial`: state → (k, B, unit), times 1−k…0; `loss`: the variable of
        which all values are kept."""
        self.overview = overview
        self.loss = loss
        self.T = x.shape[0]
        self.segments = segments
        self.initial = dict(initial)
        self.x = x
        self._writer = writer
        self._sizes = sizes
        self._reach = reach
        self._stages = segments.stages()
        self._before: dict[int, dict[str, Array]] = {0: self.initial}
        self._after: dict[int, dict[tuple[str, bool], Array]] = {}
        self._known = 0
        self._done: set[int] = set()
        """The segments whose gradients are recorded."""
        self._pages: OrderedDict[int, Page] = OrderedDict()
        units = sum(sizes.values()) * x.shape[1] * x.dtype.itemsize
        longest = segments[0].hi
        self._most = min(max(_FEWEST, _BYTES // (2 * units * longest)), _MOST)
        self.lock = RLock()

    @property
    def done(self) -> int:
        """How many segments are recorded forward and backward."""
        return len(self._done)

    def advance(self) -> int:
        """Record the next segment, forward or backward; how many steps of the run are done then."""
        with self.lock:
            stage = next(self._stages)
            number = stage.segment.number
            if stage.backward:
                self._record_gradients(self._page(number))
            else:
                self._known = number + 1
                page = self._page(number)
                self.overview.take_values(page)
                states = {name: lag for name, lag in self._reach.before.items() if name != "x"}
                hi = stage.segment.hi
                self._before[number + 1] = {n: page.rows(n, hi + 1 - lag, hi).copy() for n, lag in states.items()}
            return stage.position

    def _record_gradients(self, page: Page) -> None:
        segment, number = page.segment, page.segment.number
        self._fill_gradients(page)
        self.overview.take_gradients(page)
        self._done.add(number)
        if number and not self.segments.begins_pass(segment):
            self._after[number - 1] = {
                (name, gradient): page.rows(name, segment.lo, segment.lo + rows - 1, gradient).copy()
                for name, gradient, rows in self._margins(page)
            }

    def _margins(self, page: Page) -> list[tuple[str, bool, int]]:
        """(variable, whether its gradient, how many later times are read)."""
        found = [(name, True, rows) for name, rows in self._reach.gradients.items()]
        for name in page.values:
            rows = self._reach.values.get(name.rstrip("°"), 0)
            if rows:
                found.append((name, False, rows))
        return found

    def page(self, number: int, gradients: bool = False) -> Page | None:
        """A segment's page, with its gradients too; None where these are not recorded yet."""
        with self.lock:
            if number >= self._known or (gradients and number not in self._done):
                return None
            page = self._page(number)
            if gradients and not page.has_gradients:
                self._fill_gradients(page)
            return page

    def row(self, name: str, t: int, gradient: bool = False) -> Array:
        """(B, unit): one slot; zeros where it is not recorded yet."""
        with self.lock:
            if name == "x" and not gradient:
                return self.x[t - 1] if t > 0 else np.zeros(self.x.shape[1:], self.x.dtype)
            if t < 1 and not gradient:
                return np.asarray(self.initial[name][t - 1])
            for page in reversed(self._pages.values()):
                if name in page.values and page.holds(name, t, gradient):
                    return page.slot(name, t, gradient)
            found = self.page(self.segments.of(t), gradient)
            if found is None or name not in found.values:
                return np.zeros((self.x.shape[1], self._sizes[name.rstrip("°")]), self.x.dtype)
            return found.slot(name, t, gradient)

    def rows(self, name: str, lo: int, hi: int, gradient: bool = False) -> Array:
        """(hi − lo + 1, B, unit): the slots of times lo…hi, 1 ≤ lo; zeros where they are not recorded yet."""
        if name == "x" and not gradient:
            return self.x[lo - 1 : hi]
        found = np.zeros((max(0, hi - lo + 1), self.x.shape[1], self._sizes[name.rstrip("°")]), self.x.dtype)
        for segment in self.segments.within(lo, hi) if hi >= lo else ():
            page = self.page(segment.number, gradient)
            if page is not None and name in page.values:
                a, b = max(lo, segment.lo), min(hi, segment.hi)
                found[a - lo : b - lo + 1] = page.rows(name, a, b, gradient)
        return found

    def gather(self, name: str, times: NDArray[np.intp], gradient: bool = False) -> Array:
        """(n, B, unit): the slots of these times, in any order; each segment is looked at once."""
        found = np.zeros((len(times), self.x.shape[1], self._sizes[name.rstrip("°")]), self.x.dtype)
        numbers = np.array([self.segments.of(int(t)) if t > 0 else -1 for t in times])
        for number in np.unique(numbers):
            rows = np.flatnonzero(numbers == number)
            segment = self.segments[max(int(number), 0)]
            if number < 0 or name == "x":
                found[rows] = [self.row(name, int(t), gradient) for t in times[rows]]
            else:
                found[rows] = self.rows(name, segment.lo, segment.hi, gradient)[times[rows] - segment.lo]
        return found

    def _page(self, number: int) -> Page:
        """A page that is held, or is computed again."""
        page = self._pages.get(number)
        if page is None:
            page = self._blank(self.segments[number])
            self._writer.values(page)
            self._pages[number] = page
            while len(self._pages) > self._most:
                self._pages.popitem(last=False)
        self._pages.move_to_end(number)
        return page

    def _blank(self, segment: Segment) -> Page:
        page = Page(segment, self.x.shape[1], self._sizes, self._reach, np.dtype(self.x.dtype))
        for name, rows in self._before[segment.number].items():
            page.rows(name, segment.lo - len(rows), segment.lo - 1)[...] = rows
        start = max(1, segment.lo - self._reach.before.get("x", 0))
        page.rows("x", start, segment.hi)[...] = self.x[start - 1 : segment.hi]
        return page

    def _fill_gradients(self, page: Page) -> None:
        hi = page.segment.hi
        for (name, gradient), rows in self._after.get(page.segment.number, {}).items():
            page.rows(name, hi + 1, hi + len(rows), gradient)[...] = rows
        self._writer.gradients(page)
        page.has_gradients = True
