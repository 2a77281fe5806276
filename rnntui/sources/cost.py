"""What a run will cost, worked out before anything is allocated."""

from __future__ import annotations

import math
from dataclasses import dataclass

from bptt.cell import Cell
from bptt.policy import LARGEST_TAPE, segment_length
from bptt.schedule import Schedule
from bptt.tape import tape_bytes

MAX_BYTES = 1_000_000_000
MAX_SECONDS = 60.0
_STEP = 6e-6
"""Seconds of one step of a small cell, most of it Python's."""
_OPERATIONS = 2e9
"""Multiplications and additions a second in products of a matrix and a vector."""
_SUMS_KEPT_EVERY = 32
"""Times between the running sums that a run keeps of every parameter's gradient."""


@dataclass(frozen=True)
class Cost:
    """Of a whole run, forward and backward."""

    bytes: int
    seconds: float
    """A rough estimate, on the high side."""

    @property
    def excess(self) -> str:
        """What is over a limit, in words; empty where nothing is."""
        if self.bytes > MAX_BYTES:
            return f"the run would take {self.bytes / 1e9:,.1f} GB, over the limit of {MAX_BYTES / 1e9:.0f} GB"
        if self.seconds > MAX_SECONDS:
            return f"the run would take about {self.seconds:,.0f} s, over the limit of {MAX_SECONDS:.0f} s"
        return ""


def cost_of(
    cell: Cell,
    inputs: int,
    hidden: int,
    outputs: int,
    T: int,
    B: int,
    itemsize: int = 8,
    window: int | None = None,
    stride: int | None = None,
    whole: bool = True,
) -> Cost:
    """The cost of a run of `cell` at these sizes over T times of B sequences, in numbers of `itemsize` bytes; `whole`:
    with everything recorded, else with checkpoints where `bptt.policy` chooses these. Raises bptt.InputError for a
    window or stride that cannot be."""
    schedule = Schedule(cell, T, window, stride)
    backward = schedule.moments(len(schedule))[0]
    sizes = {"inputs": inputs, "hidden": hidden, "outputs": outputs, "scalar": 1}
    parameters = sum(math.prod(sizes[dim] for dim in dims) for dims in cell.parameters.values())
    units = inputs * (T + cell.lags.get("x", 0)) + sum(
        sizes[dim] * (T + cell.lags.get(name, 0)) for name, dim in cell.dims.items()
    )
    # values and gradients; where passes overlap their sums too, and the one that is computed again
    recorded = (4 if schedule.overlapping else 2) * B * units
    given = 2 * T * B * (inputs + outputs)  # x, ∇x, the targets and the same with gaps filled
    if not whole and not schedule.overlapping and tape_bytes(cell, sizes, T, B, itemsize) > LARGEST_TAPE:
        length = segment_length(T)
        segments = -(-T // length)
        # of each time its norms and loss, of each half of a segment its extremes and means, of some segments all
        recorded = B * (T * (2 * len(cell.dims) + 4) + (10 * segments + 12 * length) * units // T)
        given = 4 * T * B
    sums = parameters * (backward // max(_SUMS_KEPT_EVERY, math.isqrt(backward)) + 3)
    # where passes overlap each is computed a second time, for the one who looks
    steps = T * len(cell.equations) + backward * len(cell.backward) * (2 if schedule.overlapping else 1)
    operations = (T + 2 * backward) * B * 2 * parameters
    return Cost(
        bytes=itemsize * (recorded + given + sums) + 8 * parameters,
        seconds=steps * _STEP + operations / _OPERATIONS,
    )
