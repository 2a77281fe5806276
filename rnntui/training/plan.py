"""How a model is to be trained, as people write it, and the training made from that."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bptt.batches import Numbered, Pair
from bptt.diagnostics import TrainingWatch
from bptt.errors import InputError as ModelError
from bptt.model import Model
from bptt.numerals import number
from bptt.run import Run
from bptt.targets import present
from bptt.training import MOST_ITERATIONS, Training, Watch
from rnntui.safe import InputError
from rnntui.sources.source import Source

Data = Pair | Sequence[Pair] | Numbered
_OF_A_TASK = 1_000
"""Sequences of which a share is held out of a task, which has as many as one likes."""
_OPTIONS = {"batch": "--minibatch"}
"""What the engine calls at fault → the option that gave it, where that has another name."""


@dataclass(frozen=True)
class Plan:
    """All settings of a training. Fields bear the names of the command line's options."""

    optimizer: str = "adam"
    """In the text form of `bptt.settings`, as rate and clip: `momentum:0.95`, `cosine:0.1,end=0.001`, `norm:1`."""
    rate: str = "0.01"
    clip: str = ""
    """Empty: nothing is clipped."""
    l1: float = 0.0
    l2: float = 0.0
    iterations: int = 100
    minibatch: int | None = None
    """Sequences of the batch that an iteration draws; all of them where it is left out."""
    holdout: float = 0
    """How much is not trained on: so many sequences, or below 1 a share. The last of the batch, of a single sequence
    its last times; of a task more of its kind, where a share is one of 1,000."""
    every: int = 10
    """Iterations from one score on them to the next."""
    seed: int = 0
    """Draws minibatches."""

    def training(self, model: Model, source: Source | None, run: Run, watch: Watch | None = None) -> Training:
        """A training of the model on what the source gives, truncated as the run is; without a source, on what the run
        reads. Nothing of it is computed yet. `watch`: in place of one that begins with it. Raises InputError by the
        option that is at fault."""
        data, holdout = self._data(source, run)
        window, stride = run.schedule.truncation
        try:
            return Training(
                model,
                data,
                optimizer=self.optimizer,
                rate=self.rate,
                clip=self.clip or None,
                l1=self.l1,
                l2=self.l2,
                iterations=self.iterations,
                batch=self.minibatch,
                seed=self.seed,
                window=window,
                stride=stride,
                holdout=holdout,
                every=self.every,
                watch=TrainingWatch(start=model) if watch is None else watch,
            )
        except ModelError as error:
            argument, _, rest = error.argument.partition(" ")
            raise InputError(_OPTIONS.get(argument, f"--{argument}"), rest, error.reason) from None

    @property
    def said(self) -> str:
        """Its settings in a few words: `adam, rate 0.01, clip norm:1`."""
        more = [f"clip {self.clip}"] if self.clip else []
        more += [f"{name} {number(size)}" for name, size in (("l1", self.l1), ("l2", self.l2)) if size]
        return ", ".join([self.optimizer, f"rate {self.rate}", *more])

    def targets(self, source: Source | None, run: Run) -> float:
        """How many targets an iteration's loss sums, about: what makes a loss a target comparable to it."""
        if run.model.loss == "mean":
            return 1.0
        data, _ = self._data(source, run)
        y = np.asarray((data if isinstance(data, tuple) else data[0])[1])
        there = present(y)
        sequences = there.shape[1] if there.ndim == 2 else 1
        return float(there.sum()) / sequences * (self.minibatch or sequences)

    def _data(self, source: Source | None, run: Run) -> tuple[Data, Pair | None]:
        """What is trained on, and what is held out."""
        given = self.holdout
        if not (0 <= given < 1 or (given >= 1 and given % 1 == 0)):
            raise InputError("--holdout", "", f"got {given:g}, expected a share below 1 or a whole number")
        if source is not None and source.stream is not None:
            stream = source.stream
            if not given:
                return stream, None
            count = math.ceil(given * _OF_A_TASK) if given < 1 else int(given)
            try:
                return stream, stream.task.stream(stream.length, count, stream.seed)[MOST_ITERATIONS]
            except ModelError as error:
                raise InputError("--holdout", "", error.reason) from None
        x, y = (run.x, run.y) if source is None else (source.x, source.y)
        if not given:
            return (x, y), None
        x, y = np.asarray(x), np.asarray(y)
        if run.B == 1 and given < 1:
            kept = run.T - math.ceil(given * run.T)
            if kept < 1:
                raise InputError("--holdout", "", f"got {given:g} of {run.T} times: none is left to train on")
            return (x[:kept], y[:kept]), (x[kept:], y[kept:])
        kept = run.B - (math.ceil(given * run.B) if given < 1 else int(given))
        if kept < 1:
            several = int(given) + 1 if given >= 1 else 2
            raise InputError("--holdout", "", f"got {given:g} of {run.B} sequences: give --batch {several} or more")
        return (x[:, :kept], y[:, :kept]), (x[:, kept:], y[:, kept:])
