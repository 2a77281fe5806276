"""The cost of a run is known before it is made, and what is over a limit is said in words."""

from __future__ import annotations

import math

import numpy as np
import pytest

from bptt import CELLS, Cell, Model, Run
from rnntui.sources.cost import Cost, cost_of

ODD = Cell.parse("q[t] = tanh(A @ x[t] + B @ mem[t-1] + r2)\nmem[t] = q[t] * mem[t-2] + (1 - q[t])\n")


@pytest.mark.parametrize("cell", [ODD, CELLS["gru"]], ids=["odd", "gru"])
def test_the_bytes_are_at_least_those_of_what_a_run_holds(cell: Cell) -> None:
    D, H, K, T, B = 3, 5, 4, 40, 2
    run = Run(Model.create(cell, D, H, K), np.ones((T, B, D)), np.zeros((T, B), int))
    tape = [*run.tape.values.values(), *run.tape.gradients.values()]
    held = sum(a.nbytes for a in [*tape, run.x, *run.model.parameters.values()])
    cost = cost_of(cell, D, H, K, T, B)
    assert held <= cost.bytes <= 1.5 * held
    assert cost_of(cell, D, H, K, T, B, itemsize=4).bytes == pytest.approx(cost.bytes / 2, rel=0.05)


def test_the_cost_grows_with_every_size() -> None:
    base = cost_of(ODD, 3, 5, 4, 40, 2)
    for sizes in ((6, 5, 4, 40, 2), (3, 10, 4, 40, 2), (3, 5, 8, 40, 2), (3, 5, 4, 80, 2), (3, 5, 4, 40, 4)):
        larger = cost_of(ODD, *sizes)
        assert larger.bytes > base.bytes
        assert larger.seconds > base.seconds


def test_what_is_over_a_limit_is_said() -> None:
    assert Cost(10**9, 60).excess == ""
    assert Cost(2_340_000_000, 1).excess == "the run would take 2.3 GB, over the limit of 1 GB"
    assert Cost(1, 61.4).excess == "the run would take about 61 s, over the limit of 60 s"
    assert math.isfinite(cost_of(ODD, 4096, 4096, 4096, 10**6, 10**6).seconds)
