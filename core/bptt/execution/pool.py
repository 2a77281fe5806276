"""Workspaces that are lent to traces and come back when nothing of a trace is left, not even a view of an array."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.execution.workspace import Workspace

Size = tuple[int, int]
"""(T, B)."""
LARGEST = 1 << 28
"""Bytes that a pool keeps at most, the workspace that came back last not counted."""
MOST = 2
"""Workspaces of one size that wait, if they are small: a window is run while the one before is still looked at."""


class Pool:
    """Free workspaces by size. Safe for several threads: each gets its own."""

    def __init__(self, make: Callable[[int, int], Workspace]) -> None:
        self._make = make
        self._free: dict[Size, list[Workspace]] = {}

    def lend(self, T: int, B: int) -> Loan:
        """A workspace for T times of B sequences, new where none is free."""
        try:
            return Loan(self._free[T, B].pop(), self)
        except (KeyError, IndexError):
            return Loan(self._make(T, B), self)

    def take_back(self, workspace: Workspace) -> None:
        """The workspace is free again; where there are too many, others go."""
        free = self._free.get((workspace.T, workspace.B))
        if free and (len(free) == MOST or MOST * workspace.size > LARGEST):  # others of that size are waiting already
            return
        if free is None:
            others = [size for size in self._free if self._free[size]]
            held = sum(each.size for size in others for each in self._free[size])
            for size in others:
                if held > LARGEST:
                    held -= sum(each.size for each in self._free.pop(size, []))
            free = self._free.setdefault((workspace.T, workspace.B), [])
        free.append(workspace)


class Loan:
    """A workspace as long as anyone holds this, or an array that it has shown."""

    __slots__ = ("_pool", "workspace")

    def __init__(self, workspace: Workspace, pool: Pool) -> None:
        self.workspace = workspace
        self._pool = pool

    def __del__(self) -> None:
        self._pool.take_back(self.workspace)

    def show(self, array: NDArray[Any]) -> NDArray[Any]:
        """A read-only view of one of the workspace's arrays that keeps the loan."""
        return np.asarray(_Shown(self, array))


class _Shown:
    """What NumPy takes as the owner of a shown array: views of it and views of those hold on to this."""

    __slots__ = ("__array_interface__", "_loan")

    def __init__(self, loan: Loan, array: NDArray[Any]) -> None:
        interface = dict(array.__array_interface__)
        interface["data"] = (interface["data"][0], True)
        self.__array_interface__ = interface
        self._loan = loan
