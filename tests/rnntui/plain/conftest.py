"""Sessions on cells that nobody ships, small enough to work out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from bptt.cell import Cell
from bptt.model import Model
from bptt.run import Run
from rnntui.session import Session
from rnntui.sources import Source
from rnntui.sources.characters import from_text

BY_HAND = """
q[t] = A @ x[t] + B @ mem[t-1]   # what comes in
r2[t] = relu(q[t])
mem[t] = r2[t] * r2[t]           # the memory
miss[t] = squared_error(mem[t], y[t])
"""
GATED = """
q[t] = sigmoid(A @ x[t] + B @ mem[t-1] + k)
r2[t] = tanh(C @ x[t] + D @ (q[t] * mem[t-1]))
mem[t] = q[t] * mem[t-1] + (1 - q[t]) * r2[t]
"""


@pytest.fixture
def by_hand() -> Session:
    """Two times, two units: q = [1, −1] and [1, −0.5], mem = [1, 0] twice; 4 steps forward a time, 6 back."""
    cell = Cell.parse(BY_HAND, name="by-hand")
    model = Model(cell, {"A": [[1.0], [-1.0]], "B": [[0.5, 0.0], [0.0, 0.5]]})
    x, y = np.array([[1.0], [0.5]]), np.array([[0.0, 0.0], [1.0, 1.0]])
    return Session(Run(model, x, y))


@pytest.fixture
def hello() -> Session:
    """The gated cell on a text, four times, with a source and so with tokens."""
    source: Source = from_text("hello")
    model = Model.create(Cell.parse(GATED, name="gated"), source.inputs, 3, source.outputs)
    return Session(Run(model, source.x, source.y), source)
