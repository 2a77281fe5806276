"""The fast path of a cell at given sizes: its plan, its workspaces, and what runs a batch forward and backward."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bptt.cell import Cell
from bptt.execution.analysis import Analysis, analyse
from bptt.execution.layout import Layout, lay_out
from bptt.execution.pool import Pool
from bptt.execution.recording import Recording
from bptt.execution.workspace import Loaded, Workspace
from bptt.tape import tape_bytes

Array = NDArray[np.floating]


class Execution:
    """Shared by all models of the same cell, sizes, loss and dtype, which differ in their parameters only. Computes
    nothing on creation. Safe for several threads."""

    def __init__(self, cell: Cell, sizes: Mapping[str, int], dtype: np.dtype[np.floating], mean: bool) -> None:
        """`sizes`: inputs, hidden, outputs → units; `mean`: for a mean loss."""
        self._cell = cell
        self._sizes = {**sizes, "scalar": 1}
        self._dtype = dtype
        self._mean = mean
        self._pool = Pool(self._workspace)

    def __reduce__(self) -> tuple[object, ...]:
        """A copy has no workspaces."""
        return Execution, (self._cell, self._sizes, self._dtype, self._mean)

    @cached_property
    def plain(self) -> bool:
        """Whether targets are classes and nothing is normalised: little to check."""
        return "cross_entropy" in self._cell.loss_functions and not self._cell.functions & {"batch_norm", "layer_norm"}

    @cached_property
    def row_bytes(self) -> int:
        """Of all values and gradients of one sequence at one time."""
        return tape_bytes(self._cell, self._sizes, 1, 1, self._dtype.itemsize)

    @cached_property
    def _plan(self) -> tuple[Analysis, Layout]:
        found = analyse(self._cell, self._mean)
        return found, lay_out(found)

    def _workspace(self, T: int, B: int) -> Workspace:
        return Workspace(self._cell, *self._plan, self._sizes, self._dtype, T, B)

    @property
    def waiting(self) -> Mapping[str, tuple[str, int]]:
        """See `Analysis.waiting`."""
        return self._plan[0].waiting

    def loaded(self, parameters: Mapping[str, Array], batch: Loaded, start: int) -> Recording:
        """A batch in a workspace, nothing of it computed; `start`: the time of its first row."""
        loan = self._pool.lend(*batch[0].shape[:2])
        loan.workspace.take(parameters)
        loan.workspace.load(*batch, start)
        return Recording(self._cell, parameters, loan, batch[4], 0.0)

    def run(self, parameters: Mapping[str, Array], batch: Loaded) -> Recording:
        """Full BPTT over a batch; `parameters` must never change. Overflow and the like warn as the caller has it."""
        loan = self._pool.lend(*batch[0].shape[:2])
        workspace = loan.workspace
        workspace.take(parameters)
        workspace.load(*batch)
        workspace.forward()
        workspace.backward()
        return Recording(self._cell, parameters, loan, batch[4], workspace.loss() * batch[4])
