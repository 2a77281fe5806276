"""A training under way: computed by one thread, looked at and opened by another."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from time import perf_counter

from bptt.diagnostics import Alert
from bptt.iteration import Iteration
from bptt.training import Training
from rnntui.training.ledger import Columns, Ledger
from rnntui.training.plan import Plan


class Practice:
    """One training: how far it is, how far it is to go, and which iteration is looked at."""

    def __init__(self, training: Training, plan: Plan) -> None:
        self.training = training
        self.plan = plan
        self.target = training.iterations
        """Iterations that are wanted; it goes on to there."""
        self.iteration = 1
        """Which one is looked at, counted from 1."""
        self.t = 1
        """Which time is looked at in it."""
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
        while self._done < self.target and wanted():
            with self._lock:
                record = self.training.run(1)
                assert record is not None  # an iteration lies behind
                if any(isinstance(alert, Alert) and alert.kind == "nonfinite" for alert in record.alerts):
                    self.origins[record.iteration] = self._origin(record.iteration)
            self._done = record.iteration
            if perf_counter() > end:
                break
        return self.is_done

    def extend(self, count: int) -> None:
        """Want so many iterations more. Raises bptt.InputError where that is too many."""
        missing = self.target + count - self.training.iterations
        with self._lock:
            if missing > 0:
                self.training.extend(missing)
            self.target += count

    def stop(self) -> None:
        """Want no more than what is computed."""
        self.target = max(1, self._done)

    def open(self, iteration: int) -> Iteration:
        """One iteration that is computed, to be stepped; it waits for the one that is under way."""
        with self._lock:
            return self.training.open(min(max(1, iteration), max(1, self._done)))

    def look_at(self, iteration: int, t: int | None = None) -> None:
        """Look at another iteration or time, held within what is computed."""
        self.iteration = min(max(1, iteration), max(1, self._done))
        self.t = self.t if t is None else max(1, t)

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
