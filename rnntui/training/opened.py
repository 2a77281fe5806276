"""The training of a session's model, and which iteration of it is open."""

from __future__ import annotations

from bptt.iteration import Iteration
from bptt.run import Run
from rnntui.sources import Source
from rnntui.training.plan import Plan
from rnntui.training.practice import Practice


class Opened:
    """At most one training, at most one of its iterations, and the entry of a parameter that is looked at in its
    update."""

    def __init__(self) -> None:
        self.practice: Practice | None = None
        """The training, where there is one."""
        self.iteration: Iteration | None = None
        """The iteration that is open."""
        self.entry = (0, 0)
        """Row and column of the parameter's entry that is looked at."""
        self._untrained: Run | None = None

    def train(self, plan: Plan, source: Source | None, run: Run) -> Run:
        """Begin a training of the run's model, or, where there was one, of that which was trained first; returns the
        run from before any training. Raises InputError by the setting that is at fault."""
        first = self._untrained or run
        self.practice = Practice(plan.training(first.model, source, first), plan, plan.targets(source, first))
        self._untrained = first
        return first

    @property
    def computed(self) -> int:
        """How many iterations are computed."""
        return 0 if self.practice is None else self.practice.done

    def other(self, by: int) -> Iteration | None:
        """The iteration so many after the one that is open, which the training then looks at; None where it is not
        computed."""
        if self.iteration is None or self.practice is None:
            return None
        number = self.iteration.number + by
        if not 1 <= number <= self.practice.done:
            return None
        self.practice.look_at(number)
        return self.practice.open(number)

    def move_entry(self, index: int, rows: int, columns: int) -> bool:
        """Look at another entry of the parameter that line `index` of the open iteration updates; whether it is
        another."""
        assert self.iteration is not None  # else there is no update
        shape = self.iteration.at(index).value.shape
        height, width = (*shape, 1, 1)[:2]
        row, column = self.entry
        before, self.entry = self.entry, (min(max(0, row + rows), height - 1), min(max(0, column + columns), width - 1))
        return self.entry != before
