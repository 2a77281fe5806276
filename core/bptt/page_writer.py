"""Computes the pages of a run with checkpoints: by its steps where it is short, else by the fast path."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bptt.cell import Cell
from bptt.evaluation import Interpreter
from bptt.execution.filling import Filling
from bptt.forward import Forward
from bptt.gradients import Gradients
from bptt.interpreters import Interpreters
from bptt.pages import Page
from bptt.schedule import Schedule


class PageWriter:
    """Always the same numbers for the same page, whatever was asked for before."""

    def __init__(
        self,
        cell: Cell,
        schedule: Schedule,
        interpreters: Interpreters,
        weight: float,
        filling: Filling | None,
    ) -> None:
        """`weight`: ∇L[t]; `filling`: the fast path, if it is to be used, but not where edits hold something."""
        self._cell = cell
        self._schedule = schedule
        self._interpreters = interpreters
        self._weight = weight
        self._filling = filling

    def values(self, page: Page) -> None:
        """All values of the page."""
        interpreter = self._interpreters(page, self._weight)
        forward: Forward | None = None
        with np.errstate(all="ignore"):
            for lo, hi, fast in self._parts(page, False):
                if not fast or self._filling is None:
                    forward = forward or Forward(self._cell, page, interpreter)
                    forward.through(lo, hi)
                    continue
                self._filling.forward(page, lo, hi)
                interpreter.pass_over(lo, hi)
        interpreter.release()

    def gradients(self, page: Page) -> None:
        """All gradients of the page, those of the initial states too where it is the first."""
        interpreter = self._interpreters(page, self._weight)
        stepped: Gradients | None = None
        with np.errstate(all="ignore"):
            for lo, hi, fast in self._parts(page, True):
                if not fast or self._filling is None:
                    stepped = stepped or self._gradients(page, interpreter)
                    stepped.through(lo, hi)
                else:
                    within = self._schedule.pass_of_loss(hi)
                    self._filling.backward(page, lo, hi, within, interpreter.term)
            if page.segment.lo == 1:
                (stepped or self._gradients(page, interpreter)).start()
        interpreter.release()

    def _gradients(self, page: Page, interpreter: Interpreter) -> Gradients:
        return Gradients(self._cell, self._schedule, page, lambda tape, weight: interpreter, self._weight)

    def _parts(self, page: Page, backward: bool) -> Iterator[tuple[int, int, bool]]:
        """(first time, last time, whether the fast path goes through them) of the parts of a page, in the order in
        which they are computed; a part lies within one pass, and where there are edits it is not fast."""
        lo, hi = page.segment.lo, page.segment.hi
        if self._filling is None:
            yield lo, hi, False
            return
        while lo <= hi:
            t, left = (hi, hi - lo + 1) if backward else (lo, hi - lo + 1)
            if backward:
                left = hi + 1 - max(lo, self._schedule.pass_of_loss(hi).lo)
            bare = min(left, self._interpreters.constants.bare(t, backward))
            count = max(bare, 1)
            yield (hi + 1 - count, hi, bare > 0) if backward else (lo, lo + count - 1, bare > 0)
            lo, hi = (lo, hi - count) if backward else (lo + count, hi)
