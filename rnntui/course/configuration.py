"""One run among those of a lesson: its model before, during and after its training, and the numbers beside it."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from threading import RLock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.cell import Cell
from bptt.model import Model
from bptt.query_values import QueryError
from bptt.run import Run
from bptt.schedule import Schedule
from bptt.scoring import score
from bptt.training import Training
from rnntui.course.results import Results
from rnntui.sources import Source

Array = NDArray[np.floating]


@dataclass(frozen=True)
class Learning:
    """How a model is trained."""

    pairs: Any
    """What `bptt.Training` learns from."""
    settings: Mapping[str, Any]
    """Its named arguments."""
    iterations: int
    show: int
    """After how many iterations the run is shown."""


@dataclass(eq=False)
class Configuration:
    """A configuration; a `bptt.query_context.Context`. Nothing is trained before it is asked for. Safe to ask from
    several threads."""

    label: str
    """How tables call it."""
    source: Source
    untrained: Run
    learning: Learning | None
    begun: Configuration | None
    """The one with whose trained parameters this one begins."""
    cases: Mapping[str, Configuration]
    """All of the lesson's, by name; the lesson's own is main."""
    results: Results
    _after: dict[int, Run] = field(default_factory=dict)
    _seconds: float = 0.0
    _lock: RLock = field(default_factory=RLock)

    @property
    def cell(self) -> Cell:
        """Of the model."""
        return self.untrained.model.cell

    @property
    def model(self) -> Model:
        """Before any training."""
        return self.untrained.model

    @property
    def iterations(self) -> int:
        """Of the training; 0 where there is none."""
        return self.learning.iterations if self.learning else 0

    @property
    def run(self) -> Run:
        """The one that is shown of it."""
        return self.after(self.shown_after)

    @property
    def shown_after(self) -> int:
        """After how many training iterations its run is shown."""
        return self.learning.show if self.learning else 0

    def after(self, iterations: int) -> Run:
        """The run of the model after so many training iterations, −1 for all of them."""
        count = self.iterations if iterations < 0 else min(iterations, self.iterations)
        if count == 0 and self.begun is None:
            return self.untrained
        with self._lock:
            if count not in self._after:
                self._after[count] = self.untrained.with_model(self._trained(count))
            return self._after[count]

    @property
    def _first(self) -> Model:
        """With what the training begins."""
        return self.model if self.begun is None else self.model.replaced(self.begun.after(-1).model.parameters)

    def _trained(self, count: int) -> Model:
        if count == 0:
            return self._first
        start = time.perf_counter()
        model = self.training.model_after(count)
        self._seconds += time.perf_counter() - start
        return model

    @cached_property
    def training(self) -> Training:
        """As far as it was asked for. QueryError where there is none."""
        if self.learning is None:
            raise QueryError("nothing is trained here")
        return Training(self._first, self.learning.pairs, **self.learning.settings)

    # -- the numbers beside it

    def series(self, name: str, gradient: bool, t: int | None) -> Array:
        """(iterations,): a number of every iteration. Raises QueryError where there is none of this name."""
        self.after(-1)
        records = self.training.records
        match name:
            case "loss" | "rate" | "norm":
                return np.array([getattr(record, name) for record in records])
            case "holdout" | "accuracy":
                scores = [record.holdout for record in records if record.holdout is not None]
                found = [score.loss if name == "holdout" else score.accuracy for score in scores]
                if not found or None in found:
                    raise QueryError(f"record({name}): nothing is held out: write holdout into training")
                return np.array(found, dtype=float)
        if t is not None:
            found_at = [record.time_norms[name][t - 1] for record in records if name in record.time_norms]
            return np.array(found_at)
        return np.array([(record.gradient_norms if gradient else record.norms)[name] for record in records])

    def recorded(self, path: tuple[str | int, ...]) -> float | Array:
        """A number or a list of them in a file of recorded results. Raises QueryError where there is none."""
        return self.results.value(path)

    def fact(self, name: str, run: Run) -> float:
        """One number about a run of the model. Raises QueryError where it has no such number."""
        sizes = [array.size for array in run.model.parameters.values()]
        if name == "parameters":
            return float(sum(sizes))
        if name == "operations":
            # forward one product, backward two, each a multiplication and an addition
            products = run.T + 2 * sum(_passes(run.schedule))
            return float(2 * sum(sizes) * products * run.B * max(1, self.iterations))
        if name == "memory":
            return float(max(_passes(run.schedule)) * run.B * run.model.execution.row_bytes)
        if name == "seconds":
            self.after(-1)
            return self._seconds
        found = score(run.model, run.x, run.y).accuracy
        if found is None:
            raise QueryError("accuracy is of classes, and this predicts values")
        return found if not math.isnan(found) else 0.0


def _passes(schedule: Schedule) -> list[int]:
    """How many times each backward pass goes through."""
    within = (schedule.pass_of(number) for number in range(1, schedule.count + 1))
    return [each.hi - each.lo + 1 for each in within]
