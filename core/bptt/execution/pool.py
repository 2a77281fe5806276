"""Workspaces that are lent to traces, and free again when nothing of a trace is left, not even a view of an array."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any
from weakref import ref

import numpy as np
from numpy.typing import NDArray

from bptt.execution.workspace import Workspace

Size = tuple[int, int]
"""(T, B)."""
LARGEST = 1 << 28
"""Bytes that a pool keeps at most, the workspace that was lent last not counted."""
MOST = 2
"""Workspaces of one size that are kept, if they are small: a window is run while the one before is still looked at."""


@dataclass
class _Kept:
    """A workspace that will be lent again, and the loan it is away on."""

    workspace: Workspace
    loan: ref[Loan]
    """Dead once the loan is over. That is looked up when a workspace is wanted, not told by the loan's end: a signal
    that came during a `__del__` or a callback would be lost, since Python drops what is raised there."""


class Pool:
    """Workspaces by size. Safe for several threads: each gets its own."""

    def __init__(self, make: Callable[[int, int], Workspace]) -> None:
        self._make = make
        self._kept: dict[Size, list[_Kept]] = {}
        self._lock = Lock()

    def lend(self, T: int, B: int) -> Loan:
        """A workspace for T times of B sequences, new where none is free."""
        with self._lock:
            for kept in self._kept.get((T, B), ()):
                if kept.loan() is None:
                    loan = Loan(kept.workspace)
                    kept.loan = ref(loan)
                    return loan
        loan = Loan(self._make(T, B))
        with self._lock:
            self._keep(loan)
        return loan

    def _keep(self, loan: Loan) -> None:
        """Lend this one's workspace again when its loan is over; where there are too many, others are not kept."""
        size = loan.workspace.T, loan.workspace.B
        kept = self._kept.pop(size, [])
        most = MOST if MOST * loan.workspace.size <= LARGEST else 1
        held = sum(each.workspace.size for others in self._kept.values() for each in others)
        for other in list(self._kept):
            if held > LARGEST:
                held -= sum(each.workspace.size for each in self._kept.pop(other))
        self._kept[size] = [*kept, _Kept(loan.workspace, ref(loan))][-most:]


class Loan:
    """A workspace as long as anyone holds this, or an array that it has shown."""

    __slots__ = ("__weakref__", "workspace")

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace

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
