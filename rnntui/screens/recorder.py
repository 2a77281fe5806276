"""Fills a run's tape in slices, so that something else can happen in between."""

from __future__ import annotations

from time import perf_counter

from bptt.run import Run

_STEPS = 256


class Recorder:
    """Goes through a run once, from the first step to the last."""

    def __init__(self, run: Run) -> None:
        self._run = run

    @property
    def part(self) -> float:
        """How much is done, 0…1."""
        return self._run.filled / max(1, len(self._run))

    def run_for(self, seconds: float) -> bool:
        """Record for about this long; whether the whole run is recorded."""
        end = perf_counter() + seconds
        while self._run.filled < len(self._run):
            self._run.fill(min(len(self._run), self._run.filled + _STEPS))
            if perf_counter() > end:
                break
        return self._run.filled == len(self._run)
