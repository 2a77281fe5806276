"""The one owner of what changes: the run, the cursor on it, breakpoints, watches, edits, the lens, and what is hidden.
Knows no screen."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from bptt.debugger.breakpoints import Breakpoint, Breakpoints, Stop
from bptt.debugger.watches import Watches
from bptt.debugger.whatif import WhatIf
from bptt.edits import Edit
from bptt.iteration import Iteration
from bptt.run import Run
from rnntui.cursor import Cursor
from rnntui.frame import Frame, Lens, Slot
from rnntui.sources import Source
from rnntui.training.opened import Opened
from rnntui.training.plan import Plan
from rnntui.training.practice import Practice


class Session(Cursor):
    """A run with a cursor, a lens and masks, and what is done with it. Whatever changes tells the subscribers once."""

    def __init__(self, run: Run, source: Source | None = None, title: str = "") -> None:
        super().__init__(run)
        self.cell = run.model.cell
        self.source = source
        self.title = title or self.cell.name
        self.sequence = 0
        """Which sequence of the batch is shown, from 0."""
        self._hidden: frozenset[Slot] = frozenset()
        self.breakpoints = Breakpoints()
        self.watches = Watches()
        self.whatif = WhatIf(run)
        self._opened = Opened()

    # -- breakpoints and what-ifs

    def run_on(self) -> Stop | None:
        """On to the next breakpoint; to the end where none is ahead. Returns where it stopped."""
        found = self.breakpoints.forwards(self.run, self._position, self.sequence, self.has_conditions)
        return self._to_stop(found, self.total)

    def run_back(self) -> Stop | None:
        """Back to the breakpoint before; to the start where there is none. Returns where it stopped."""
        found = self.breakpoints.backwards(self.run, self._position, self.sequence, self.has_conditions)
        return self._to_stop(found, 0)

    @property
    def has_conditions(self) -> bool:
        """Whether breakpoints with a condition act: while something is hidden, where they stop could tell it."""
        return not self._hidden

    def places(self, breakpoint: Breakpoint) -> NDArray[np.intp]:
        """All positions at which a breakpoint is met, enabled or not; none of one with a condition while that does not
        act, and in a run with checkpoints, which would be computed once more to find them."""
        if breakpoint.condition is not None and (not self.has_conditions or self.run.policy == "checkpoints"):
            return np.empty(0, np.intp)
        return self.breakpoints.places(breakpoint.number, self.run, self.sequence)

    @property
    def stops(self) -> frozenset[int]:
        """All positions at which an enabled breakpoint is met, as far as its places are known."""
        enabled = [breakpoint for breakpoint in self.breakpoints if breakpoint.enabled]
        return frozenset(position for breakpoint in enabled for position in self.places(breakpoint).tolist())

    def _to_stop(self, stop: Stop | None, border: int) -> Stop | None:
        self.goto(stop.position if stop else border)
        return stop

    @property
    def classes(self) -> tuple[str, ...]:
        """What the units of inputs and outputs stand for; empty where they only have numbers."""
        return (self.source.vocabulary or ()) if self.source is not None else ()

    def edit(self, *edits: Edit) -> None:
        """Run again with more edits, and stay where the cursor is. Raises bptt.InputError where one does not fit, and
        makes none then."""
        self.whatif.make(*edits)
        self._take(self.whatif.run)

    def undo_edit(self, number: int | None = None) -> Edit:
        """Take back the edit of a number, the latest without one. Raises bptt.InputError where there is none."""
        undone = self.whatif.remove(number)
        self._take(self.whatif.run)
        return undone

    def clear_edits(self) -> None:
        """Take back every edit."""
        self.whatif.clear()
        self._take(self.whatif.run)

    def show(self, run: Run, source: Source | None) -> None:
        """Go over to another run, at the same position as far as it goes; edits of the one before are dropped."""
        if run is self.whatif.original:
            return
        self.run, self.cell, self.source = run, run.model.cell, source
        self.whatif = WhatIf(run)
        self._opened.iteration = None
        self._put(min(self._position, len(run)))
        run.fill(len(run))
        self.sequence = min(self.sequence, run.B - 1)
        self._lens = Lens.on(self.run, self._position)
        self._changed()

    def _take(self, run: Run) -> None:
        run.fill(len(run))
        self.run, self._updates = run, 0
        self._changed()

    # -- training

    @property
    def _length(self) -> int:
        """The steps of the run and the lines of the update; an edited run has none."""
        return self.total if self.iteration is None or self.whatif.edits else len(self.iteration)

    @property
    def practice(self) -> Practice | None:
        """The training of this session's model, where there is one."""
        return self._opened.practice

    @property
    def iteration(self) -> Iteration | None:
        """The iteration of the training whose run this is; None where the run is of no training."""
        return self._opened.iteration

    def train(self, plan: Plan) -> Practice:
        """Begin to train the run's model, edits left out, on what the session's source gives; nothing of it is computed
        yet. Raises InputError by the setting that is at fault."""
        first = self._opened.train(plan, self.source, self.whatif.original)
        if self.iteration is not None:
            self.show(first, self.source)
        self._changed()
        assert self.practice is not None  # it has begun
        return self.practice

    def take(self, iteration: Iteration, position: int | None = None) -> None:
        """Go over to the run of an iteration, at the same position, in the update too, where none is given."""
        position = self._position + self._updates if position is None else position
        self.run, self._opened.iteration = iteration.run, iteration
        self.whatif = WhatIf(self.run)
        self._put(min(position, self._length))
        self.run.fill(len(self.run))
        self.sequence = min(self.sequence, self.run.B - 1)
        self._follow()
        self._changed()

    def other_iteration(self, by: int) -> bool:
        """To an iteration so many later, at the same place; whether there is one that is computed."""
        iteration = self._opened.other(by)
        if iteration is not None:
            self.take(iteration)
        return iteration is not None

    def _turn(self, by: int) -> bool:
        """Over the border of an iteration: to the start of the next, or to the end of the one before."""
        iteration = None if self.whatif.edits else self._opened.other(by)
        if iteration is not None:
            self.take(iteration, 0 if by > 0 else len(iteration))
        return iteration is not None

    def move_lens(self, times: int = 0, units: int = 0) -> None:
        """Move along time and units; in an update along the columns and rows of the parameter."""
        if not (self._updates and self._lens.following):
            super().move_lens(times, units)
        elif self._opened.move_entry(self._position + self._updates - 1, units, times):
            self._changed()

    # -- what may be seen

    def show_sequence(self, number: int) -> None:
        """Show another sequence of the batch, held within it."""
        number = min(max(0, number), self.run.B - 1)
        if number != self.sequence:
            self.sequence = number
            self._changed()

    def hide(self, slots: Iterable[Slot]) -> None:
        """Hide these slots and all that is shown of them, until `reveal`."""
        hidden = frozenset(slots)
        if hidden != self._hidden:
            self._hidden = hidden
            self._changed()

    def reveal(self) -> None:
        """Hide nothing."""
        self.hide(())

    @property
    def hidden(self) -> frozenset[Slot]:
        """What is hidden now."""
        return self._hidden

    def frame(self) -> Frame:
        """All that can be seen now, as plain data that does not change when the session does."""
        return Frame(
            self.run, self.source, self.title, self._position, self._lens, self._hidden, self.sequence,
            self.iteration, self._opened.computed, self._updates, self._length - self.total, self._opened.entry,
        )  # fmt: skip
