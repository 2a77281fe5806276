"""The parameters' gradients: products over all times, stacked where they share an operand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bptt.execution.analysis import Share
from bptt.execution.storage import Storage
from bptt.execution.writer import Invocation
from bptt.expressions import Var

Array = NDArray[np.floating]


class Totals:
    """Parameter → its gradient, in an array that the calls fill."""

    def __init__(self, shares: Iterable[Share], shapes: Mapping[str, tuple[int, ...]], storage: Storage) -> None:
        self._storage = storage
        self.calls: list[Invocation] = []
        self.arrays: dict[str, Array] = {}
        self._ones = np.ones(storage.T * storage.B, storage.dtype)
        shares = list(shares)
        made: dict[tuple[str, Var | None], Array] = {}
        for right in dict.fromkeys(share.right for share in shares):
            lefts = list(dict.fromkeys(share.left for share in shares if share.right == right))
            for names in self._runs(lefts):
                made |= {(name, right): rows for name, rows in self._product(names, right).items()}
        for name, shape in shapes.items():
            found = [share for share in shares if share.parameter == name]
            self.arrays[name] = self._sum(found, made, shape)

    def _runs(self, names: Sequence[str]) -> list[list[str]]:
        """The names in runs that lie side by side."""
        runs: list[list[str]] = []
        for name in sorted(names, key=self._storage.position):
            if runs and self._storage.adjacent([runs[-1][-1], name]):
                runs[-1].append(name)
            else:
                runs.append([name])
        return runs

    def _product(self, names: list[str], right: Var | None) -> dict[str, Array]:
        storage = self._storage
        size, left = storage.sizes[names[0]], storage.flat(names)
        if right is None:
            out = np.empty(left.shape[1], storage.dtype)
            self.calls.append(Invocation(self._ones.dot, (left, out)))
        else:
            flat = storage.flat([right.name], right.lag)
            out = np.empty((left.shape[1], flat.shape[1]), storage.dtype)
            self.calls.append(Invocation(left.T.dot, (flat, out)))
        return {name: out[lane * size : (lane + 1) * size] for lane, name in enumerate(names)}

    def _sum(
        self, shares: Sequence[Share], made: Mapping[tuple[str, Var | None], Array], shape: tuple[int, ...]
    ) -> Array:
        if len(shares) == 1 and shares[0].constant == 1 and made[shares[0].left, shares[0].right].shape == shape:
            return made[shares[0].left, shares[0].right]
        total = np.zeros(shape, self._storage.dtype)
        for place, share in enumerate(shares):
            rows = made[share.left, share.right]
            self.calls.append(Invocation(_accumulate, (total, rows, share.constant, place == 0)))
        return total


def _accumulate(total: Array, rows: Array, constant: float, first: bool) -> None:
    if first:
        np.multiply(rows, constant, total)
    else:
        total += constant * rows
