"""How a model is to be trained, as people write it, and the training made from that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bptt.batches import Numbered, Pair
from bptt.diagnostics import TrainingWatch
from bptt.errors import InputError as ModelError
from bptt.model import Model
from bptt.run import Run
from bptt.training import MOST_ITERATIONS, Training
from rnntui.safe import InputError
from rnntui.sources.source import Source

Data = Pair | Sequence[Pair] | Numbered
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
    holdout: int = 0
    """Sequences that are not trained on: the last of the batch; of a task, more of its kind."""
    every: int = 10
    """Iterations from one score on them to the next."""
    seed: int = 0
    """Draws minibatches."""

    def training(self, model: Model, source: Source | None, run: Run) -> Training:
        """A training of the model on what the source gives, truncated as the run is; without a source, on what the run
        reads. Nothing of it is computed yet. Raises InputError by the option that is at fault."""
        data, holdout = self._data(source, run)
        schedule = run.schedule
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
                window=schedule.window if schedule.truncated else None,
                stride=schedule.stride if schedule.truncated else None,
                holdout=holdout,
                every=self.every,
                watch=TrainingWatch(start=model),
            )
        except ModelError as error:
            argument, _, rest = error.argument.partition(" ")
            raise InputError(_OPTIONS.get(argument, f"--{argument}"), rest, error.reason) from None

    def _data(self, source: Source | None, run: Run) -> tuple[Data, Pair | None]:
        """What is trained on, and what is held out."""
        if self.holdout < 0:
            raise InputError("--holdout", "", f"got {self.holdout}, expected a whole number from 0")
        if source is not None and source.stream is not None:
            stream = source.stream
            if not self.holdout:
                return stream, None
            try:
                return stream, stream.task.stream(stream.length, self.holdout, stream.seed)[MOST_ITERATIONS]
            except ModelError as error:
                raise InputError("--holdout", "", error.reason) from None
        x, y = (run.x, run.y) if source is None else (source.x, source.y)
        if not self.holdout:
            return (x, y), None
        kept = run.B - self.holdout
        if kept < 1:
            reason = f"got {self.holdout} of {run.B} sequences: give --batch {self.holdout + 1} or more"
            raise InputError("--holdout", "", reason)
        x, y = np.asarray(x), np.asarray(y)
        return (x[:, :kept], y[:, :kept]), (x[:, kept:], y[:, kept:])
