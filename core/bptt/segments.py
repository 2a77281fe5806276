"""How the times of a run are cut into segments that are computed at once, and in which order they are recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bptt.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Segment:
    """Times lo…hi. It lies within one backward pass, or holds whole passes."""

    number: int
    """Counted from 0, in the order of the times."""
    lo: int
    hi: int


@dataclass(frozen=True, slots=True)
class Stage:
    """A part of the recording: one segment, forward or backward."""

    segment: Segment
    backward: bool
    position: int
    """How many steps of the run are done after it."""


class Segments:
    """Of a run whose passes do not overlap."""

    def __init__(self, schedule: Schedule, length: int) -> None:
        """`length`: of a segment, where the passes allow it."""
        window = schedule.window
        self._schedule = schedule
        self._T = schedule.T
        self._span = window if window > length else schedule.T
        self._length = length if window > length else length // window * window
        self._per_span = -(-self._span // self._length)
        self._count = self.of(schedule.T) + 1

    def __len__(self) -> int:
        return self._count

    def of(self, t: int) -> int:
        """The number of the segment that holds time t; of the first for earlier times."""
        span, within = divmod(max(t, 1) - 1, self._span)
        return span * self._per_span + within // self._length

    def __getitem__(self, number: int) -> Segment:
        span, place = divmod(number, self._per_span)
        lo = span * self._span + place * self._length + 1
        return Segment(number, lo, min(lo + self._length - 1, (span + 1) * self._span, self._T))

    def begins_pass(self, segment: Segment) -> bool:
        """Whether a pass begins with the segment, so that nothing goes back from it."""
        return segment.lo == self._schedule.pass_of_loss(segment.lo).lo

    def within(self, lo: int, hi: int) -> Iterator[Segment]:
        """The segments that hold times of lo…hi, in order."""
        return (self[number] for number in range(self.of(lo), self.of(hi) + 1))

    def stages(self) -> Iterator[Stage]:
        """The whole recording, in the order of the run's steps; where a segment holds whole passes, all of them at
        once."""
        schedule, waiting = self._schedule, []
        for segment in self.within(1, self._T):
            number = schedule.block_of(segment.hi)
            ends = segment.hi == schedule.pass_of(number).hi
            whole = segment.lo <= schedule.pass_of(number).lo and ends
            # of a segment of several passes only the first one's values come before all gradients
            last = schedule.pass_of_loss(segment.lo).hi if whole else segment.hi
            yield Stage(segment, False, self._forward_end(last))
            waiting.append(segment)
            if ends:
                for done in reversed(waiting):
                    yield Stage(done, True, self._end(done, number))
                waiting.clear()

    def _forward_end(self, t: int) -> int:
        """The steps up to the last value of time t."""
        index = self._schedule.index("forward", t, self._schedule.forward[-1].target)
        assert index is not None  # every time has forward steps
        return index + 1

    def _end(self, segment: Segment, number: int) -> int:
        """The steps up to the last of a segment's gradients; `number`: of its last pass."""
        if segment.lo <= self._schedule.pass_of(number).lo:
            return self._schedule.end(number)
        index = self._schedule.index("backward", segment.lo)
        assert index is not None  # a run without backward steps has nothing to record
        return index + len(self._schedule.backward)

    def order(self) -> Iterator[Segment]:
        """The segments in the order in which their gradients are computed."""
        return (stage.segment for stage in self.stages() if stage.backward)
