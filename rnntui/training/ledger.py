"""The records of a training as columns of numbers, which grow and of which any part stays as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bptt.diagnostics import Alert
from bptt.records import Record
from bptt.scoring import Score

Array = NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class TimeNorms:
    """‖∇state[t]‖ in those iterations that kept it."""

    iterations: NDArray[np.int64]
    """(N,), rising."""
    norms: Array
    """(N, T)."""

    def at(self, iteration: int) -> Array | None:
        """(T,): of the last that is not later; None where there is none."""
        place = int(np.searchsorted(self.iterations, iteration, side="right")) - 1
        return self.norms[place] if place >= 0 else None


@dataclass(frozen=True, eq=False)
class Columns:
    """What is written down of iterations 1…N, each (N,)."""

    loss: Array
    norm: Array
    """‖∇‖ of all parameters together, before it was clipped."""
    rate: Array
    norms: Mapping[str, Array]
    """Parameter → its norm after the update."""
    gradient_norms: Mapping[str, Array]
    times: Mapping[str, TimeNorms]
    """State → its gradient over time."""
    scores: tuple[tuple[int, Score], ...]
    """(iteration, score on held-out data), in order."""
    alerts: tuple[Alert, ...]
    """In the order in which they were noticed."""

    def __len__(self) -> int:
        return len(self.loss)


class Ledger:
    """Takes records and gives columns."""

    def __init__(self) -> None:
        self._count = 0
        self._parameters: tuple[str, ...] = ()
        self._rows = np.empty((0, 3))
        self._kept: list[int] = []
        self._times: dict[str, list[Array]] = {}
        self._scores: list[tuple[int, Score]] = []
        self._alerts: list[Alert] = []
        self._columns: Columns | None = None

    def __len__(self) -> int:
        return self._count

    def add(self, records: Iterable[Record]) -> None:
        """Write down more iterations."""
        for record in records:
            if not self._count:
                self._parameters = tuple(record.norms)
                self._rows = np.empty((64, 3 + 2 * len(self._parameters)))
            elif self._count == len(self._rows):
                self._rows = np.concatenate([self._rows, np.empty_like(self._rows)])
            norms = (*record.norms.values(), *record.gradient_norms.values())
            self._rows[self._count] = (record.loss, record.norm, record.rate, *norms)
            self._count += 1
            if record.time_norms:
                self._kept.append(record.iteration)
                for name, row in record.time_norms.items():
                    self._times.setdefault(name, []).append(row)
            if record.holdout is not None:
                self._scores.append((record.iteration, record.holdout))
            self._alerts += [alert for alert in record.alerts if isinstance(alert, Alert)]
            self._columns = None

    @property
    def columns(self) -> Columns:
        """All that is written down; made once for each state of the book."""
        if self._columns is None:
            rows = self._rows[: self._count]
            names = self._parameters
            kept = np.array(self._kept, np.int64)
            self._columns = Columns(
                loss=rows[:, 0],
                norm=rows[:, 1],
                rate=rows[:, 2],
                norms={name: rows[:, 3 + n] for n, name in enumerate(names)},
                gradient_norms={name: rows[:, 3 + len(names) + n] for n, name in enumerate(names)},
                times={name: TimeNorms(kept, np.stack(found)) for name, found in self._times.items()},
                scores=tuple(self._scores),
                alerts=tuple(self._alerts),
            )
        return self._columns
