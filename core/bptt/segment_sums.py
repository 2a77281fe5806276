"""The gradients of the parameters as they grow over a run with checkpoints: kept at the ends of some segments, and
added up again from there."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Mapping
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from bptt.arrays import locked
from bptt.checkpoints import Checkpoints
from bptt.execution.whole import Whole
from bptt.gradients import Gradients
from bptt.model import Model
from bptt.schedule import Schedule
from bptt.sums import Sums
from bptt.targets import Targets

Array = NDArray[np.floating]
_BYTES = 3 << 22
"""Of all sums that stay."""
_RECENT = 4
"""Ends of segments whose sums are held besides."""


class SegmentSums(Sums):
    """As `Sums`; where the fast path is used, a whole segment is one product over its times, always the same one."""

    def __init__(
        self,
        model: Model,
        schedule: Schedule,
        gradients: Gradients,
        checkpoints: Checkpoints,
        targets: Targets,
        weight: float,
        fast: bool,
    ) -> None:
        """`fast`: whether segments are computed by the fast path; else contributions are added in the order of the
        steps, to the last bit as where everything is recorded."""
        super().__init__(model, schedule, gradients)
        self._checkpoints = checkpoints
        self._parameters = model.parameters
        self._shared = {name: model.cell.parameter_terms.get(name, ()) for name in self._parameters}
        self._targets, self._weight, self._fast = targets, weight, fast
        self._order = tuple(checkpoints.segments.order())
        self._marks = [0, *accumulate(segment.hi - segment.lo + 1 for segment in self._order)]
        size = sum(array.nbytes for array in self._parameters.values())
        self._apart = max(1, -(-len(self._order) * size // _BYTES))
        self._stay: dict[int, Mapping[str, Array]] = {0: self._zeros}
        self._recent: OrderedDict[int, Mapping[str, Array]] = OrderedDict()

    def reach(self, segments: int) -> None:
        with self._lock:
            self._at(segments)

    def _base(self, parameter: str, times: int) -> tuple[int, Array]:
        place = bisect_right(self._marks, times) - 1
        return self._marks[place], self._at(place)[parameter]

    def _at(self, place: int) -> Mapping[str, Array]:
        """Parameter → its sum after the first `place` segments."""
        start = place
        while start not in self._stay and start not in self._recent:
            start -= 1
        sums = self._stay[start] if start in self._stay else self._recent[start]
        for number in range(start, place):
            sums = self._through(number, sums)
            if (number + 1) % self._apart == 0:
                self._stay[number + 1] = sums
            self._recent[number + 1] = sums
            if len(self._recent) > _RECENT:
                self._recent.popitem(last=False)
        return sums

    def _through(self, number: int, sums: Mapping[str, Array]) -> Mapping[str, Array]:
        """The sums and the contributions of one more segment."""
        segment = self._order[number]
        if not self._fast:
            start, end = self._marks[number], self._marks[number + 1]
            return {name: self._continued(name, start, total, end) for name, total in sums.items()}
        page = self._checkpoints.page(segment.number, gradients=True)
        assert page is not None  # whoever asks has filled the run
        whole = Whole(page, self._parameters, self._targets, self._weight)
        found = {}
        with np.errstate(all="ignore"):
            for name, total in sums.items():
                total = total.copy()
                for term in self._shared[name]:
                    total += whole.total(term.expression, segment.lo, segment.hi, total)
                found[name] = locked(total)
        return found
