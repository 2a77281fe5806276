"""Matrix products: those of one operand are stacked into one, and so are those of operands that lie side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bptt.execution.stages import Affine
from bptt.execution.storage import Constants
from bptt.execution.writer import Each, Writer
from bptt.expressions import Var

Array = NDArray[np.floating]


class Products:
    """Writes the calls of lines that are sums of matrix products."""

    def __init__(self, writer: Writer, constants: Constants) -> None:
        self._writer = writer
        self._storage = writer.storage
        self._constants = constants

    def write(self, names: Sequence[str], lanes: Sequence[Affine]) -> None:
        """Compute these series, lanes side by side that multiply the same operands."""
        storage, writer = self._storage, self._writer
        out = writer.view(names)
        total: Any = None
        for vectors in self._runs(list(dict.fromkeys(vector for _, _, _, vector in lanes[0].products))):
            matrix = self._stacked(vectors, lanes, storage.sizes[names[0]])
            names_of, lag = [vector.name for vector in vectors], vectors[0].lag
            if total is None:
                target = self._multiplied(names_of, lag, matrix, names)
            else:
                target = self._multiplied(names_of, lag, matrix, None)
                writer.call(np.add, total, target, out)
                writer.done(total, target)
                target = out
            total = target
        others: list[Any] = []
        if any(lane.bias for lane in lanes):
            others.append(self._constants.vector([lane.bias for lane in lanes], storage.sizes[names[0]], writer.shape))
        if lanes[0].added is not None:
            added = [lane.added for lane in lanes if lane.added is not None]
            others.append(writer.view([var.name for var in added], added[0].lag))
        for other in others:
            writer.call(np.add, total, other, out)
            writer.done(total)
            total = out
        if total is not out and not others and writer.is_lent(total):
            writer.call(np.copyto, out, total)
            writer.done(total)

    def _runs(self, vectors: Sequence[Var]) -> list[list[Var]]:
        """Operands that lie side by side together, else one by one."""
        by_name = {vector.name: vector for vector in vectors}
        names = self._storage.in_order(by_name)
        together = len({vector.lag for vector in vectors}) == 1 and len(by_name) == len(vectors)
        if together and self._storage.adjacent(names):
            return [[by_name[name] for name in names]]
        return [[vector] for vector in vectors]

    def _stacked(self, vectors: Sequence[Var], lanes: Sequence[Affine], units: int) -> Array:
        rows: dict[Var, int] = {}
        height = 0
        for vector in vectors:
            rows[vector] = height
            height += self._storage.sizes[vector.name]
        pieces = [
            (rows[vector], lane * units, constant, matrix, transposed)
            for lane, found in enumerate(lanes)
            for constant, matrix, transposed, vector in found.products
            if vector in rows
        ]
        return self._constants.matrix(pieces, height, len(lanes) * units)

    def _multiplied(self, names: Sequence[str], lag: int, matrix: Array, out: Sequence[str] | None) -> Any:
        """The product of these operands and a matrix, in the place of `out` where a product can be written there."""
        storage, width = self._storage, matrix.shape[1]
        if self._writer.each:
            place = storage.view(out) if out else None
            target = Each(place) if place is not None and place[0].flags.c_contiguous else self._writer.space(width)
            operand = Each(storage.view(names, lag))
            if storage.B == 1:
                self._writer.call(matrix.T.dot, operand, target)
            else:
                self._writer.call(np.dot, operand, matrix, target)
            return target
        flat = storage.flat(names, lag)
        if out is None:
            space = self._writer.space(width)
            self._writer.call(flat.dot, matrix, space.reshape(-1, width))
            return space
        target = storage.flat(out)
        self._writer.call(
            *((flat.dot, matrix, target) if target.flags.c_contiguous else (np.matmul, flat, matrix, target))
        )
        return self._writer.view(out)
