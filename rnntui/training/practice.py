"""A training under way: computed by one thread, looked at and opened by another."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import perf_counter

from bptt.clipping import CLIPPINGS
from bptt.diagnostics import Alert
from bptt.iteration import Iteration
from bptt.numerals import number
from bptt.penalties import PENALTIES
from bptt.training import Training
from rnntui.training.ledger import Columns, Ledger
from rnntui.training.plan import Plan
from rnntui.training.progress import Going, Progress


class Practice:
    """One training: how far it is, how far it is to go, and what of it is looked at."""

    def __init__(self, training: Training, plan: Plan, targets: float = 1.0) -> None:
        """`targets`: how many an iteration's loss sums."""
        self.training = training
        self.plan = plan
        self._targets = targets
        self.target = training.iterations
        """Iterations that are wanted; it goes on to there."""
        self.going = True
        """Whether it is to go on where it is not done; a pause ends that."""
        self._looked_at: int | None = None
        self.strip = 0
        """Which of `Progress.strips` is looked at."""
        self.row = 0
        """Which of its rows."""
        self.origins: dict[int, str] = {}
        """Iteration → the place in it at which the first NaN or infinity was made."""
        self._done = 0
        self._ledger = Ledger()
        self._lock = Lock()

    @property
    def done(self) -> int:
        """How many iterations are computed."""
        return self._done

    @property
    def is_done(self) -> bool:
        """Whether all that are wanted are computed."""
        return self._done >= self.target

    def run_for(self, seconds: float, wanted: Callable[[], bool] = lambda: True) -> bool:
        """Go on for about so long, or as long as it is wanted; whether all is computed. For one thread at a time."""
        end = perf_counter() + seconds
        while wanted() and self._go_on():
            if perf_counter() > end:
                break
        return self.is_done

    def _go_on(self) -> bool:
        """Compute one iteration; whether one was missing."""
        with self._lock:
            if self.is_done:
                return False
            record = self.training.run(1)
            assert record is not None  # an iteration lies behind
            if any(isinstance(alert, Alert) and alert.kind == "nonfinite" for alert in record.alerts):
                self.origins[record.iteration] = self._origin(record.iteration)
            self._done = record.iteration
        return True

    def extend(self, count: int) -> None:
        """Want so many iterations more. Raises bptt.InputError where that is too many."""
        missing = self.target + count - self.training.iterations
        with self._lock:
            if missing > 0:
                self.training.extend(missing)
            self.target += count

    def stop(self) -> None:
        """Want no more than what is computed."""
        with self._lock:
            self.target = max(1, self._done)

    def open(self, iteration: int) -> Iteration:
        """One iteration that is computed, to be stepped; it waits for the one that is under way."""
        with self._lock:
            return self.training.open(min(max(1, iteration), max(1, self._done)))

    @property
    def iteration(self) -> int:
        """Which one is looked at, counted from 1: the last that is computed, until it is another."""
        return max(1, self._done if self._looked_at is None else self._looked_at)

    def look_at(self, iteration: int) -> None:
        """Look at another iteration, held within those that are computed."""
        self._looked_at = max(1, iteration) if iteration < self._done else None

    def look_at_row(self, row: int) -> None:
        """Look at another row of the strip, held within it."""
        self.row = min(max(0, row), max(0, len(self.progress().strip.labels) - 1))

    def next_strip(self) -> None:
        """Look at the next strip."""
        self.strip = (self.strip + 1) % max(1, len(self.progress().strips))
        self.look_at_row(self.row)

    def progress(self) -> Progress:
        """What can be seen now, as plain data."""
        columns = self.columns()
        going: Going = "done" if self.is_done else "running" if self.going else "paused"
        if self.is_done and self.target < self.training.iterations:
            going = "stopped"
        iteration = min(self.iteration, max(1, len(columns)))
        return Progress(columns, self.target, going, iteration, self.strip, self.row, dict(self.origins), self._targets)

    def formulas(self, iteration: int) -> tuple[str, ...]:
        """What an iteration does after its backward pass, in lines, for the largest parameter."""
        updater, plan = self.training.updater, self.plan
        name = max(self.training.model.parameters.items(), key=lambda item: item[1].size)[0]
        rate = self.training.rate.at(iteration - 1)
        lines = []
        if updater.clip is not None:
            bound = number(updater.clip.settings["bound"])
            clipping = CLIPPINGS[updater.clip.name]
            lines.append(f"∇{name} ← {clipping.text.format(W=name, c=bound)}")
            lines[-1] += f"  where ‖∇‖ > {bound}" if clipping.by_norm else ""
        for penalty, size in (("l2", plan.l2), ("l1", plan.l1)):
            if size:
                lines.append(f"∇{name} ← {PENALTIES[penalty].text.format(W=name, c=number(size))}")
        optimiser = updater.optimiser
        return (*lines, *(optimiser.text(line, name, rate) for line in optimiser.lines))

    def columns(self) -> Columns:
        """What is written down of the iterations that are computed."""
        records = self.training.records
        self._ledger.add(records[len(self._ledger) : self._done])
        return self._ledger.columns

    def _origin(self, number: int) -> str:
        """Where the first NaN or infinity of an iteration was made: `forward t=3 h`, `update W`."""
        iteration = self.training.open(number)
        index = iteration.first_nonfinite()
        if index is None:
            return ""
        step = iteration.at(index)
        if step.phase == "update":
            return f"update {step.target}"
        return f"{step.phase} t={step.t} {'∇' * (step.phase == 'backward')}{step.target}"
