"""Two schedules locked on the pass and the time: their common steps, and where each stands at one of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bptt.schedule import Schedule


class Lockstep:
    """A timestep has as many common steps as the longer of its two; the shorter waits. Positions count common steps,
    from 0; sides are 0 and 1."""

    def __init__(self, a: Schedule, b: Schedule) -> None:
        """Both have the same times and passes."""
        self._first = a
        self._starts = (_starts(a), _starts(b))
        widths = np.maximum(*(np.diff(starts) for starts in self._starts))
        self._own = np.concatenate([[0], np.cumsum(widths)])
        """(timestep + 1,): the position at which each timestep begins, and the end."""

    @property
    def total(self) -> int:
        """How many common steps there are."""
        return int(self._own[-1])

    def common(self, side: int, position: int) -> int:
        """The position for one of a side; at the end of a side's timestep both are at its end."""
        starts = self._starts[side]
        place = int(np.searchsorted(starts, position, "right")) - 1
        return int(self._own[place]) + position - int(starts[place])

    def apart(self, position: int) -> tuple[int, int]:
        """The positions of both sides: in the timestep that the last common step lies in."""
        place = max(0, int(np.searchsorted(self._own, position)) - 1)
        done = position - int(self._own[place])
        a, b = (min(int(starts[place]) + done, int(starts[place + 1])) for starts in self._starts)
        return a, b

    def next_time(self, position: int) -> int:
        """The end of this timestep, or of the next where this one is done."""
        place = int(np.searchsorted(self._own, position, "right"))
        return int(self._own[min(place, len(self._own) - 1)])

    def previous_time(self, position: int) -> int:
        """The start of this timestep, or of the one before."""
        return int(self._own[max(0, int(np.searchsorted(self._own, position)) - 1)])

    def end_of_phase(self, position: int) -> int:
        """The end of this pass, or of the next where this one is done."""
        place = int(np.searchsorted(self._own, position, "right")) - 1
        if place == len(self._own) - 1:
            return position
        return self.common(0, self._first.stretch(int(self._starts[0][place])).stop)

    def start_of_phase(self, position: int) -> int:
        """The start of this pass, or of the one before."""
        if not position:
            return 0
        place = int(np.searchsorted(self._own, position)) - 1
        return self.common(0, self._first.stretch(int(self._starts[0][place])).start)


def _starts(schedule: Schedule) -> NDArray[np.int64]:
    """(timestep + 1,): the position at which each timestep begins, and the run's end."""
    parts = []
    index = 0
    while index < len(schedule):
        span = schedule.stretch(index)
        parts.append(np.arange(index, span.stop, len(schedule.timestep(index))))
        index = span.stop
    return np.concatenate([*parts, [len(schedule)]]).astype(np.int64)
